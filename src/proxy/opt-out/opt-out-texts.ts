// The text of the opt-out page, in the element's languages. `{business}` and `{phone}` are filled in.

/** The text in one language. */
export interface OptOutTexts {
  readonly title: string;
  readonly intro: string;
  readonly number: string;
  readonly country: string;
  readonly submit: string;
  readonly working: string;
  /** The same whether or not the number is known here. */
  readonly done: string;
  readonly invalid: string;
  readonly failed: string;
  readonly limited: string;
  readonly unavailable: string;
  readonly needsScript: string;
  readonly call: string;
}

const en: OptOutTexts = {
  title: 'Who called me?',
  intro:
    '{business} calls people who requested a call on its website. If you did not, somebody may have entered your number. Enter it here and we will stop calling it.',
  number: 'Phone number',
  country: 'Country',
  submit: 'Stop calls to this number',
  working: 'One moment…',
  done: 'Done. {business} will not call this number for at least 30 days. To stop calls for good, tell the agent when it calls, or contact us.',
  invalid: 'Please enter a complete phone number.',
  failed: 'That did not work. Please try again.',
  limited: 'There have been several requests from your network. Please try again tomorrow.',
  unavailable: 'This is not possible at the moment. Please try again in a few minutes.',
  needsScript: 'To keep out automated requests, this form needs JavaScript. Please turn it on and reload the page.',
  call: 'Or call us: {phone}',
};

/** Every language by its code. */
export const optOutTexts: Readonly<Record<string, OptOutTexts>> = {
  en,
  ar: {
    title: 'من اتصل بي؟',
    intro:
      'تتصل {business} بمن طلبوا مكالمة على موقعها. إذا لم تطلب ذلك، فربما أدخل شخص آخر رقمك. أدخله هنا وسنتوقف عن الاتصال به.',
    number: 'رقم الهاتف',
    country: 'البلد',
    submit: 'إيقاف المكالمات إلى هذا الرقم',
    working: 'لحظة من فضلك…',
    done: 'تم. لن تتصل {business} بهذا الرقم لمدة 30 يومًا على الأقل. لإيقاف المكالمات نهائيًا، أخبر الوكيل عندما يتصل أو تواصل معنا.',
    invalid: 'يُرجى إدخال رقم هاتف كامل.',
    failed: 'لم ينجح ذلك. يُرجى المحاولة مرة أخرى.',
    limited: 'وردت عدة طلبات من شبكتك. يُرجى المحاولة مرة أخرى غدًا.',
    unavailable: 'هذا غير ممكن الآن. يُرجى المحاولة مرة أخرى بعد بضع دقائق.',
    needsScript: 'لمنع الطلبات الآلية، يحتاج هذا النموذج إلى JavaScript. يُرجى تفعيله وإعادة تحميل الصفحة.',
    call: 'أو اتصل بنا: {phone}',
  },
  cs: {
    title: 'Kdo mi volal?',
    intro:
      '{business} volá lidem, kteří si na jejím webu vyžádali hovor. Pokud jste to nebyli vy, někdo mohl zadat vaše číslo. Zadejte ho zde a přestaneme na něj volat.',
    number: 'Telefonní číslo',
    country: 'Země',
    submit: 'Nevolat na toto číslo',
    working: 'Okamžik…',
    done: 'Hotovo. {business} nebude na toto číslo volat nejméně 30 dní. Chcete-li hovory zastavit natrvalo, řekněte to hlasovému agentovi, až zavolá, nebo nás kontaktujte.',
    invalid: 'Zadejte prosím úplné telefonní číslo.',
    failed: 'To se nepodařilo. Zkuste to prosím znovu.',
    limited: 'Z vaší sítě přišlo několik žádostí. Zkuste to prosím znovu zítra.',
    unavailable: 'Momentálně to není možné. Zkuste to prosím znovu za několik minut.',
    needsScript:
      'Kvůli ochraně před automatickými žádostmi tento formulář vyžaduje JavaScript. Zapněte ho prosím a načtěte stránku znovu.',
    call: 'Nebo nám zavolejte: {phone}',
  },
  da: {
    title: 'Hvem har ringet til mig?',
    intro:
      '{business} ringer til personer, der har bedt om et opkald på deres hjemmeside. Hvis det ikke var dig, kan nogen have indtastet dit nummer. Indtast det her, så holder vi op med at ringe til det.',
    number: 'Telefonnummer',
    country: 'Land',
    submit: 'Stop opkald til dette nummer',
    working: 'Et øjeblik…',
    done: 'Det er gjort. {business} ringer ikke til dette nummer i mindst 30 dage. Hvis opkald skal stoppes for altid, så sig det til agenten, når den ringer, eller kontakt os.',
    invalid: 'Indtast et helt telefonnummer.',
    failed: 'Det lykkedes ikke. Prøv igen.',
    limited: 'Der har været flere anmodninger fra dit netværk. Prøv igen i morgen.',
    unavailable: 'Det er ikke muligt lige nu. Prøv igen om et par minutter.',
    needsScript:
      'For at holde automatiske anmodninger ude kræver denne formular JavaScript. Slå det til, og genindlæs siden.',
    call: 'Eller ring til os: {phone}',
  },
  de: {
    title: 'Wer hat mich angerufen?',
    intro:
      '{business} ruft Menschen an, die auf der Website einen Anruf angefordert haben. Wenn Sie das nicht waren, hat vielleicht jemand Ihre Nummer eingegeben. Geben Sie sie hier ein, dann rufen wir dort nicht mehr an.',
    number: 'Telefonnummer',
    country: 'Land',
    submit: 'Anrufe an diese Nummer beenden',
    working: 'Einen Moment…',
    done: 'Erledigt. {business} ruft diese Nummer mindestens 30 Tage lang nicht an. Um Anrufe dauerhaft zu beenden, sagen Sie es dem Sprachassistenten beim nächsten Anruf oder wenden Sie sich an uns.',
    invalid: 'Bitte geben Sie eine vollständige Telefonnummer ein.',
    failed: 'Das hat nicht funktioniert. Bitte versuchen Sie es noch einmal.',
    limited: 'Aus Ihrem Netzwerk kamen mehrere Anfragen. Bitte versuchen Sie es morgen noch einmal.',
    unavailable: 'Das ist im Moment nicht möglich. Bitte versuchen Sie es in einigen Minuten noch einmal.',
    needsScript:
      'Zum Schutz vor automatischen Anfragen benötigt dieses Formular JavaScript. Bitte schalten Sie es ein und laden Sie die Seite neu.',
    call: 'Oder rufen Sie uns an: {phone}',
  },
  es: {
    title: '¿Quién me ha llamado?',
    intro:
      '{business} llama a las personas que solicitan una llamada en su sitio web. Si no fue usted, es posible que alguien haya introducido su número. Introdúzcalo aquí y dejaremos de llamarlo.',
    number: 'Número de teléfono',
    country: 'País',
    submit: 'No llamar más a este número',
    working: 'Un momento…',
    done: 'Listo. {business} no llamará a este número durante al menos 30 días. Para que no le llamen nunca más, dígaselo al agente cuando llame o póngase en contacto con nosotros.',
    invalid: 'Introduzca un número de teléfono completo.',
    failed: 'No ha funcionado. Inténtelo de nuevo.',
    limited: 'Ha habido varias solicitudes desde su red. Inténtelo de nuevo mañana.',
    unavailable: 'Ahora mismo no es posible. Inténtelo de nuevo en unos minutos.',
    needsScript:
      'Para evitar solicitudes automáticas, este formulario necesita JavaScript. Actívelo y vuelva a cargar la página.',
    call: 'O llámenos: {phone}',
  },
  fi: {
    title: 'Kuka soitti minulle?',
    intro:
      '{business} soittaa ihmisille, jotka ovat pyytäneet puhelua sen verkkosivuilla. Jos et pyytänyt, joku on ehkä syöttänyt numerosi. Syötä se tähän, niin emme enää soita siihen.',
    number: 'Puhelinnumero',
    country: 'Maa',
    submit: 'Lopeta puhelut tähän numeroon',
    working: 'Hetkinen…',
    done: 'Valmis. {business} ei soita tähän numeroon vähintään 30 päivään. Jos haluat lopettaa puhelut kokonaan, kerro siitä puheluagentille sen soittaessa tai ota yhteyttä meihin.',
    invalid: 'Anna kokonainen puhelinnumero.',
    failed: 'Se ei onnistunut. Yritä uudelleen.',
    limited: 'Verkostasi on tullut useita pyyntöjä. Yritä uudelleen huomenna.',
    unavailable: 'Se ei ole juuri nyt mahdollista. Yritä uudelleen muutaman minuutin kuluttua.',
    needsScript:
      'Automaattisten pyyntöjen estämiseksi tämä lomake tarvitsee JavaScriptin. Ota se käyttöön ja lataa sivu uudelleen.',
    call: 'Tai soita meille: {phone}',
  },
  fr: {
    title: 'Qui m’a appelé ?',
    intro:
      '{business} appelle les personnes qui ont demandé un appel sur son site. Si ce n’était pas vous, quelqu’un a peut-être saisi votre numéro. Saisissez-le ici et nous cesserons de l’appeler.',
    number: 'Numéro de téléphone',
    country: 'Pays',
    submit: 'Ne plus appeler ce numéro',
    working: 'Un instant…',
    done: 'C’est fait. {business} n’appellera pas ce numéro pendant au moins 30 jours. Pour ne plus jamais être appelé, dites-le à l’agent lors de son appel ou contactez-nous.',
    invalid: 'Veuillez saisir un numéro de téléphone complet.',
    failed: 'Cela n’a pas fonctionné. Veuillez réessayer.',
    limited: 'Plusieurs demandes ont été faites depuis votre réseau. Veuillez réessayer demain.',
    unavailable: 'Ce n’est pas possible pour le moment. Veuillez réessayer dans quelques minutes.',
    needsScript:
      'Pour éviter les demandes automatiques, ce formulaire nécessite JavaScript. Veuillez l’activer et recharger la page.',
    call: 'Ou appelez-nous : {phone}',
  },
  he: {
    title: 'מי התקשר אליי?',
    intro:
      '{business} מתקשרת לאנשים שביקשו שיחה באתר שלה. אם לא ביקשת, ייתכן שמישהו הזין את המספר שלך. אפשר להזין אותו כאן ונפסיק להתקשר אליו.',
    number: 'מספר טלפון',
    country: 'מדינה',
    submit: 'הפסקת השיחות למספר הזה',
    working: 'רק רגע…',
    done: 'בוצע. {business} לא תתקשר למספר הזה לפחות 30 ימים. כדי להפסיק את השיחות לצמיתות, יש לומר זאת לסוכן כשיתקשר, או לפנות אלינו.',
    invalid: 'יש להזין מספר טלפון מלא.',
    failed: 'הפעולה לא הצליחה. יש לנסות שוב.',
    limited: 'התקבלו כמה בקשות מהרשת שלך. יש לנסות שוב מחר.',
    unavailable: 'זה לא אפשרי כרגע. יש לנסות שוב בעוד כמה דקות.',
    needsScript: 'כדי למנוע בקשות אוטומטיות, הטופס הזה דורש JavaScript. יש להפעיל אותו ולטעון את הדף מחדש.',
    call: 'אפשר גם להתקשר אלינו: {phone}',
  },
  hi: {
    title: 'मुझे किसने कॉल किया?',
    intro:
      '{business} उन लोगों को कॉल करता है जिन्होंने उसकी वेबसाइट पर कॉल का अनुरोध किया है। अगर आपने अनुरोध नहीं किया था, तो हो सकता है कि किसी ने आपका नंबर डाल दिया हो। उसे यहाँ डालें और हम उस पर कॉल करना बंद कर देंगे।',
    number: 'फ़ोन नंबर',
    country: 'देश',
    submit: 'इस नंबर पर कॉल बंद करें',
    working: 'एक पल…',
    done: 'हो गया। {business} कम से कम 30 दिनों तक इस नंबर पर कॉल नहीं करेगा। कॉल हमेशा के लिए बंद करने के लिए, कॉल आने पर एजेंट को बताएँ या हमसे संपर्क करें।',
    invalid: 'कृपया पूरा फ़ोन नंबर डालें।',
    failed: 'यह नहीं हो सका। कृपया फिर से कोशिश करें।',
    limited: 'आपके नेटवर्क से कई अनुरोध आए हैं। कृपया कल फिर से कोशिश करें।',
    unavailable: 'यह अभी संभव नहीं है। कृपया कुछ मिनट बाद फिर से कोशिश करें।',
    needsScript: 'स्वचालित अनुरोधों को रोकने के लिए इस फ़ॉर्म को JavaScript चाहिए। कृपया उसे चालू करें और पेज फिर से लोड करें।',
    call: 'या हमें कॉल करें: {phone}',
  },
  it: {
    title: 'Chi mi ha chiamato?',
    intro:
      '{business} chiama le persone che hanno richiesto una chiamata sul suo sito. In caso contrario, qualcuno potrebbe aver inserito il tuo numero. Inseriscilo qui e non lo chiameremo più.',
    number: 'Numero di telefono',
    country: 'Paese',
    submit: 'Non chiamare più questo numero',
    working: 'Un momento…',
    done: 'Fatto. {business} non chiamerà questo numero per almeno 30 giorni. Per non ricevere mai più chiamate, dillo all’agente quando chiama oppure contattaci.',
    invalid: 'Inserisci un numero di telefono completo.',
    failed: 'Non ha funzionato. Riprova.',
    limited: 'Sono arrivate diverse richieste dalla tua rete. Riprova domani.',
    unavailable: 'Al momento non è possibile. Riprova tra qualche minuto.',
    needsScript: 'Per evitare richieste automatiche, questo modulo richiede JavaScript. Attivalo e ricarica la pagina.',
    call: 'Oppure chiamaci: {phone}',
  },
  ja: {
    title: 'この電話は誰から？',
    intro:
      '{business}は、ウェブサイトで電話を依頼した方に電話をおかけしています。お心当たりがない場合は、誰かがあなたの番号を入力した可能性があります。こちらに番号を入力していただければ、今後はおかけしません。',
    number: '電話番号',
    country: '国',
    submit: 'この番号への電話を停止する',
    working: '少々お待ちください…',
    done: '完了しました。{business}は少なくとも30日間、この番号に電話をかけません。完全に停止するには、電話の際にエージェントにお伝えいただくか、お問い合わせください。',
    invalid: '電話番号を最後まで入力してください。',
    failed: 'うまくいきませんでした。もう一度お試しください。',
    limited: 'お使いのネットワークから何度か依頼がありました。明日もう一度お試しください。',
    unavailable: 'ただいまご利用いただけません。数分後にもう一度お試しください。',
    needsScript:
      '自動的な送信を防ぐため、このフォームにはJavaScriptが必要です。有効にしてからページを再読み込みしてください。',
    call: 'お電話でも承ります：{phone}',
  },
  ko: {
    title: '누가 저에게 전화했나요?',
    intro:
      '{business}은(는) 웹사이트에서 전화를 요청한 분에게 전화합니다. 요청하지 않으셨다면 다른 사람이 번호를 입력했을 수 있습니다. 여기에 번호를 입력하시면 더 이상 전화하지 않겠습니다.',
    number: '전화번호',
    country: '국가',
    submit: '이 번호로 전화하지 않기',
    working: '잠시만요…',
    done: '완료되었습니다. {business}은(는) 최소 30일 동안 이 번호로 전화하지 않습니다. 전화를 영구적으로 받지 않으려면 전화가 왔을 때 상담원에게 말씀하시거나 문의해 주세요.',
    invalid: '전체 전화번호를 입력해 주세요.',
    failed: '처리하지 못했습니다. 다시 시도해 주세요.',
    limited: '사용 중인 네트워크에서 여러 번 요청이 있었습니다. 내일 다시 시도해 주세요.',
    unavailable: '지금은 처리할 수 없습니다. 몇 분 후에 다시 시도해 주세요.',
    needsScript:
      '자동 요청을 막기 위해 이 양식에는 JavaScript가 필요합니다. 사용하도록 설정한 뒤 페이지를 새로 고쳐 주세요.',
    call: '또는 전화 주세요: {phone}',
  },
  nb: {
    title: 'Hvem ringte meg?',
    intro:
      '{business} ringer til personer som har bedt om en samtale på nettstedet. Hvis det ikke var deg, kan noen ha oppgitt nummeret ditt. Skriv det inn her, så slutter vi å ringe det.',
    number: 'Telefonnummer',
    country: 'Land',
    submit: 'Stopp samtaler til dette nummeret',
    working: 'Et øyeblikk…',
    done: 'Ferdig. {business} ringer ikke dette nummeret på minst 30 dager. For å stoppe samtaler for godt, si det til agenten når den ringer, eller kontakt oss.',
    invalid: 'Skriv inn et helt telefonnummer.',
    failed: 'Det fungerte ikke. Prøv igjen.',
    limited: 'Det har kommet flere forespørsler fra nettverket ditt. Prøv igjen i morgen.',
    unavailable: 'Det er ikke mulig akkurat nå. Prøv igjen om noen minutter.',
    needsScript:
      'For å holde automatiske forespørsler ute trenger dette skjemaet JavaScript. Slå det på og last inn siden på nytt.',
    call: 'Eller ring oss: {phone}',
  },
  nl: {
    title: 'Wie heeft mij gebeld?',
    intro:
      '{business} belt mensen die op de website om een telefoontje hebben gevraagd. Was u dat niet, dan heeft misschien iemand uw nummer ingevuld. Vul het hier in en wij bellen het niet meer.',
    number: 'Telefoonnummer',
    country: 'Land',
    submit: 'Dit nummer niet meer bellen',
    working: 'Een ogenblik…',
    done: 'Gelukt. {business} belt dit nummer minstens 30 dagen niet. Wilt u nooit meer gebeld worden, zeg het dan tegen de agent als die belt, of neem contact met ons op.',
    invalid: 'Vul een volledig telefoonnummer in.',
    failed: 'Dat is niet gelukt. Probeer het opnieuw.',
    limited: 'Er zijn meerdere verzoeken van uw netwerk gekomen. Probeer het morgen opnieuw.',
    unavailable: 'Dit is op dit moment niet mogelijk. Probeer het over een paar minuten opnieuw.',
    needsScript:
      'Om automatische verzoeken te weren, heeft dit formulier JavaScript nodig. Zet het aan en laad de pagina opnieuw.',
    call: 'Of bel ons: {phone}',
  },
  pl: {
    title: 'Kto do mnie dzwonił?',
    intro:
      '{business} dzwoni do osób, które poprosiły o rozmowę na stronie internetowej. Jeśli to nie Ty, ktoś mógł podać Twój numer. Wpisz go tutaj, a przestaniemy na niego dzwonić.',
    number: 'Numer telefonu',
    country: 'Kraj',
    submit: 'Nie dzwońcie na ten numer',
    working: 'Chwileczkę…',
    done: 'Gotowe. {business} nie zadzwoni na ten numer przez co najmniej 30 dni. Aby zrezygnować z rozmów na stałe, powiedz o tym agentowi, gdy zadzwoni, lub skontaktuj się z nami.',
    invalid: 'Wpisz pełny numer telefonu.',
    failed: 'Nie udało się. Spróbuj ponownie.',
    limited: 'Z Twojej sieci przyszło kilka próśb. Spróbuj ponownie jutro.',
    unavailable: 'W tej chwili to niemożliwe. Spróbuj ponownie za kilka minut.',
    needsScript: 'Aby zatrzymać automatyczne zgłoszenia, ten formularz wymaga JavaScriptu. Włącz go i odśwież stronę.',
    call: 'Lub zadzwoń do nas: {phone}',
  },
  pt: {
    title: 'Quem me ligou?',
    intro:
      '{business} liga para pessoas que solicitaram uma ligação no site. Se não foi você, alguém pode ter informado o seu número. Informe-o aqui e deixaremos de ligar para ele.',
    number: 'Número de telefone',
    country: 'País',
    submit: 'Não ligar mais para este número',
    working: 'Um momento…',
    done: 'Pronto. {business} não ligará para este número por pelo menos 30 dias. Para nunca mais receber ligações, diga isso ao agente quando ele ligar ou entre em contato conosco.',
    invalid: 'Informe um número de telefone completo.',
    failed: 'Não funcionou. Tente novamente.',
    limited: 'Houve várias solicitações da sua rede. Tente novamente amanhã.',
    unavailable: 'Não é possível no momento. Tente novamente em alguns minutos.',
    needsScript:
      'Para evitar solicitações automáticas, este formulário precisa de JavaScript. Ative-o e recarregue a página.',
    call: 'Ou ligue para nós: {phone}',
  },
  sv: {
    title: 'Vem ringde mig?',
    intro:
      '{business} ringer personer som har begärt ett samtal på webbplatsen. Om det inte var du kan någon ha angett ditt nummer. Ange det här så slutar vi ringa det.',
    number: 'Telefonnummer',
    country: 'Land',
    submit: 'Sluta ringa det här numret',
    working: 'Ett ögonblick…',
    done: 'Klart. {business} ringer inte det här numret på minst 30 dagar. Om du aldrig vill bli uppringd igen, säg det till agenten när den ringer eller kontakta oss.',
    invalid: 'Ange ett fullständigt telefonnummer.',
    failed: 'Det fungerade inte. Försök igen.',
    limited: 'Det har kommit flera förfrågningar från ditt nätverk. Försök igen i morgon.',
    unavailable: 'Det går inte just nu. Försök igen om några minuter.',
    needsScript:
      'För att hålla automatiska förfrågningar ute kräver formuläret JavaScript. Slå på det och ladda om sidan.',
    call: 'Eller ring oss: {phone}',
  },
  tr: {
    title: 'Beni kim aradı?',
    intro:
      '{business}, web sitesinde arama talep eden kişileri arar. Talep etmediyseniz biri sizin numaranızı girmiş olabilir. Numarayı buraya girin, artık aramayalım.',
    number: 'Telefon numarası',
    country: 'Ülke',
    submit: 'Bu numarayı aramayın',
    working: 'Bir dakika…',
    done: 'Tamamlandı. {business} bu numarayı en az 30 gün aramayacak. Aramaları tamamen durdurmak için temsilci aradığında söyleyin veya bizimle iletişime geçin.',
    invalid: 'Lütfen tam bir telefon numarası girin.',
    failed: 'Bu işlem başarısız oldu. Lütfen tekrar deneyin.',
    limited: 'Ağınızdan birkaç talep geldi. Lütfen yarın tekrar deneyin.',
    unavailable: 'Bu şu anda mümkün değil. Lütfen birkaç dakika sonra tekrar deneyin.',
    needsScript:
      'Otomatik talepleri engellemek için bu formda JavaScript gerekir. Lütfen etkinleştirip sayfayı yeniden yükleyin.',
    call: 'Veya bizi arayın: {phone}',
  },
  zh: {
    title: '谁给我打的电话？',
    intro:
      '{business}会给在其网站上请求来电的人打电话。如果您没有请求，可能是有人填写了您的号码。请在此输入该号码，我们将不再拨打。',
    number: '电话号码',
    country: '国家/地区',
    submit: '停止拨打此号码',
    working: '请稍候…',
    done: '已完成。{business}至少在 30 天内不会拨打此号码。如需永久停止，请在接到电话时告诉语音助手，或与我们联系。',
    invalid: '请输入完整的电话号码。',
    failed: '操作未成功，请重试。',
    limited: '您的网络已多次提出请求，请明天再试。',
    unavailable: '目前无法处理，请几分钟后再试。',
    needsScript: '为防止自动提交，此表单需要 JavaScript。请启用后重新加载页面。',
    call: '或致电我们：{phone}',
  },
};

/** The text in the first language of an `Accept-Language` header that there is, with its code. */
export function textsFor(accepted: string | null): { readonly lang: string; readonly texts: OptOutTexts } {
  for (const range of (accepted ?? '').slice(0, 200).split(',')) {
    const code = range.trim().split(/[-;]/)[0]?.toLowerCase() ?? '';
    const lang = code === 'no' || code === 'nn' ? 'nb' : code;
    const texts = Object.hasOwn(optOutTexts, lang) ? optOutTexts[lang] : undefined;
    if (texts !== undefined) return { lang, texts };
  }
  return { lang: 'en', texts: en };
}
