// The words of verification phrases in every language of the element: first a place or a thing, then something that grows, lives or
// is eaten. Everyday words without a second meaning, harmless in any order, and far enough apart to be told apart on the phone.

/** The words for both places of a phrase, separated by spaces. At least 64 each; a test compares them with each other. */
interface Words {
  readonly first: string;
  readonly second: string;
}

/** Every language, by the subtag of the element's languages. */
export const phraseWords: Readonly<Record<string, Words>> = {
  ar: {
    first:
      'نهر غابة جبل جزيرة حديقة صحراء وادي محيط ميناء جسر قلعة برج قرية محطة متحف مسرح مكتبة مدرسة مطبخ نافذة مرآة سلّم سلة زجاجة شمعة سجادة ورقة وسادة بطانية مظلة حقيبة دراجة جرّار طائرة قارب بالون بوصلة فانوس مطرقة مقص إبرة شريط معطف قفاز وشاح كرسي طاولة خزانة مصباح ساعة مفتاح ملعقة صحن إبريق كتاب لوحة مزمار ناي عود كرة خيمة شاطئ شلال قطار',
    second:
      'نمر أسد فيل زرافة جمل أرنب سنجاب قنفذ ثعلب دلفين بطريق ببغاء هدهد بومة فراشة سلحفاة كنغر حصان غزال خروف بطة حمامة تفاحة موزة برتقالة ليمون توت خوخ بطيخ عنب مانجو أناناس جزر طماطم بطاطس بصل فلفل يقطين خيار سبانخ أرز خبز زبدة جبنة عسل سكر قرفة فانيليا شوكولاتة لوز فستق وردة زنبق بنفسج ياسمين نخلة زيتون صنوبر خيزران صبار نعناع زعفران ذرة عدس تين رمان مشمش',
  },
  cs: {
    first:
      'řeka jezero hora ostrov zahrada louka poušť údolí oceán přístav most zámek věž vesnice tržnice nádraží muzeum divadlo knihovna škola kuchyně okno zrcadlo žebřík košík lahev knoflík svíčka koberec tužka papír polštář deštník kufr kolo traktor letadlo plachetnice balón kompas lucerna kladivo nůžky jehla hřeben kabát rukavice klobouk židle skříň lampa hodiny lžíce talíř konvice kniha obraz buben flétna housle stan pláž vodopád mlýn kytara zvonek polička náměstí',
    second:
      'tygr slon žirafa zebra velbloud králík veverka ježek liška delfín velryba tučňák papoušek sova motýl beruška vážka želva klokan panda jelen ovce kachna holub jablko banán pomeranč citron třešeň broskev meloun hruška mango ananas mrkev rajče brambora cibule paprika dýně okurka špenát rýže chleba máslo tvaroh med cukr skořice vanilka čokoláda mandle ořech tulipán kopretina lilie fialka slunečnice javor bambus kaktus jahoda malina kukuřice čočka meruňka borovice',
  },
  da: {
    first:
      'flod skov bjerg ørken dalen ocean havn slot tårn landsby marked station museum teater bibliotek skole køkken vindue spejl stige kurv flaske stearinlys tæppe blyant papir pude paraply kuffert cykel traktor flyver sejlbåd ballon kompas lanterne hammer nåleøje sløjfe jakke handske stol skab lampe tallerken kande maleri tromme fløjte violin telt strand vandfald mølle guitar klokke hylde legeplads plads fyrtårn vogn rygsæk kalender terning drage båndmål gynge',
    second:
      'tiger løve elefant giraf zebra næsehorn kanin egern pindsvin delfin pingvin papegøje ugle sommerfugl mariehøne guldsmed skildpadde kænguru panda hjort får due æble banan appelsin citron kirsebær fersken melon pære mango ananas gulerod tomat kartoffel løg peberfrugt græskar agurk spinat ris brød smør honning sukker kanel vanilje chokolade mandel valnød tulipan rose lilje viol solsikke ahorn bambus kaktus jordbær hindbær majs abrikos oliven persille kastanje blåbær',
  },
  de: {
    first:
      'Wasserfall Wald Berg Insel Garten Wiese Tal Ozean Hafen Brücke Schloss Turm Dorf Marktplatz Bahnhof Museum Theater Bibliothek Schule Küche Fenster Spiegel Leiter Korb Flasche Knopf Kerze Teppich Bleistift Papier Kissen Regenschirm Koffer Fahrrad Traktor Flugzeug Segelboot Ballon Kompass Laterne Hammer Nadel Schleife Jacke Handschuh Stuhl Schrank Lampe Löffel Teller Kanne Gemälde Trommel Flöte Geige Zelt Strand Mühle Gitarre Glocke Regal Leuchtturm Rucksack Kalender Würfel Schaukel Anker Brille',
    second:
      'Tiger Löwe Elefant Giraffe Zebra Kamel Hase Eichhörnchen Igel Delfin Pinguin Papagei Adler Eule Schmetterling Marienkäfer Libelle Schildkröte Känguru Panda Hirsch Schaf Ente Taube Apfel Banane Orange Zitrone Kirsche Pfirsich Melone Birne Mango Ananas Karotte Tomate Kartoffel Zwiebel Paprika Kürbis Gurke Spinat Reis Brot Butter Honig Zucker Zimt Vanille Schokolade Mandel Walnuss Tulpe Rose Lilie Veilchen Sonnenblume Ahorn Bambus Kaktus Erdbeere Himbeere Aprikose Olive Petersilie Kastanie Linse',
  },
  en: {
    first:
      'river forest mountain island garden meadow desert valley ocean harbor bridge castle tower village market station museum theater library school kitchen window mirror ladder basket bottle button candle carpet pencil paper pillow blanket umbrella suitcase bicycle tractor airplane sailboat balloon compass lantern hammer scissors needle ribbon jacket slipper chair cupboard spoon teapot painting drum flute violin tent beach waterfall windmill guitar doorbell shelf lighthouse backpack calendar anchor',
    second:
      'tiger lion elephant giraffe zebra camel rabbit squirrel hedgehog dolphin penguin parrot eagle owl butterfly ladybug dragonfly turtle kangaroo panda sheep duck pigeon apple banana orange lemon cherry peach melon grape mango pineapple celery tomato potato onion pepper pumpkin cucumber spinach rice bread butter cheese honey sugar cinnamon vanilla chocolate almond walnut tulip rose lily violet sunflower maple bamboo cactus mushroom strawberry raspberry apricot olive parsley chestnut',
  },
  es: {
    first:
      'río bosque montaña isla jardín pradera desierto valle océano puerto castillo torre pueblo mercado estación museo teatro biblioteca escuela cocina ventana espejo escalera cesta botella botón vela alfombra lápiz papel almohada manta paraguas maleta bicicleta tractor avión velero globo brújula linterna martillo tijeras aguja cinta chaqueta guante sombrero silla armario lámpara reloj cuchara plato tetera cuadro tambor flauta violín tienda playa cascada molino guitarra campana faro mochila calendario',
    second:
      'tigre león elefante jirafa cebra camello conejo ardilla erizo delfín ballena pingüino loro águila búho mariposa mariquita libélula tortuga canguro panda ciervo oveja manzana plátano naranja limón cereza melocotón melón uva mango piña zanahoria tomate cebolla pimiento calabaza pepino espinaca arroz pan mantequilla queso miel azúcar canela vainilla chocolate almendra nuez tulipán rosa lirio violeta girasol bambú cactus champiñón fresa frambuesa albaricoque aceituna perejil castaña lenteja maíz',
  },
  fi: {
    first:
      'joki metsä vuori saari puutarha niitty aavikko laakso valtameri satama silta linna torni kylä kauppahalli asema museo teatteri kirjasto koulu keittiö ikkuna peili tikkaat laukku pullo nappi kynttilä matto lyijykynä paperi tyyny sateenvarjo matkalaukku polkupyörä traktori lentokone purjevene ilmapallo kompassi lyhty vasara sakset neula nauha takki käsine hattu tuoli kaappi lamppu lusikka lautanen teekannu maalaus rumpu huilu viulu teltta ranta vesiputous mylly kitara kello kirjahylly majakka reppu kalenteri ankkuri',
    second:
      'tiikeri leijona norsu kirahvi seepra sarvikuono kani orava siili kettu delfiini valas pingviini papukaija kotka pöllö perhonen leppäkerttu sudenkorento kilpikonna kenguru panda peura lammas ankka kyyhkynen omena banaani appelsiini sitruuna kirsikka persikka meloni päärynä mango ananas porkkana tomaatti peruna sipuli paprika kurpitsa kurkku pinaatti riisi leipä voi juusto hunaja sokeri kaneli vanilja suklaa manteli pähkinä tulppaani ruusu lilja orvokki auringonkukka vaahtera bambu kaktus mansikka vadelma aprikoosi oliivi persilja',
  },
  fr: {
    first:
      'rivière forêt montagne jardin prairie désert vallée océan château village marché gare musée théâtre bibliothèque école cuisine fenêtre miroir échelle corbeille bouteille bouton bougie tapis crayon papier oreiller couverture parapluie valise vélo tracteur avion voilier ballon boussole lanterne marteau ciseaux aiguille ruban veste gant chapeau chaise armoire lampe horloge cuillère assiette théière tableau tambour flûte violon tente plage cascade moulin guitare cloche étagère phare calendrier balançoire',
    second:
      'tigre lion éléphant girafe zèbre chameau lapin écureuil hérisson renard dauphin baleine pingouin perroquet aigle hibou papillon coccinelle libellule tortue kangourou panda mouton canard pigeon pomme banane orange citron cerise abricot melon raisin mangue ananas carotte tomate oignon poivron citrouille concombre épinard riz beurre fromage miel sucre cannelle vanille chocolat amande noisette tulipe rose violette tournesol érable bambou cactus champignon fraise framboise olive persil châtaigne lentille myrtille',
  },
  he: {
    first:
      'נהר יער אגם גינה אחו מדבר עמק אוקיינוס נמל גשר טירה מגדל כפר שוק תחנה מוזיאון תיאטרון ספרייה מטבח חלון מראה סולם בקבוק כפתור מנורה שטיח עיפרון נייר כרית שמיכה מטרייה מזוודה אופניים טרקטור מטוס מפרשית עפיפון מצפן פנס פטיש מספריים חוט סרט מעיל כפפה כובע כיסא ארון שעון מזלג צלחת קומקום תמונה תוף חליל כינור אוהל מפל רכבת גיטרה פעמון מדף מגדלור תרמיל יומן עוגן נדנדה',
    second:
      'נמר אריה פיל ג׳ירפה זברה גמל ארנב סנאי קיפוד שועל דולפין לווייתן פינגווין תוכי עיט ינשוף פרפר שפירית צב קנגורו פנדה אייל כבשה ברווז יונה תפוח בננה קלמנטינה לימון דובדבן אפרסק מלון ענבים מנגו אננס גזר עגבנייה בצל פלפל דלעת מלפפון תרד אורז לחם חמאה גבינה דבש סוכר קינמון וניל שוקולד שקד אגוז צבעוני נרקיס חבצלת סיגלית חמנייה במבוק קקטוס פטרייה תות אוכמנית משמש זית פטרוזיליה ערמון',
  },
  hi: {
    first:
      'नदी जंगल पहाड़ टापू बगीचा मैदान रेगिस्तान घाटी महासागर बंदरगाह पुल किला मीनार गाँव बाज़ार स्टेशन संग्रहालय पुस्तकालय पाठशाला रसोई खिड़की दर्पण सीढ़ी टोकरी बोतल बटन मोमबत्ती कालीन पेंसिल काग़ज़ तकिया कंबल छाता सूटकेस साइकिल ट्रैक्टर जहाज़ नाव गुब्बारा लालटेन हथौड़ा कैंची सुई रिबन जैकेट दस्ताना टोपी कुर्सी अलमारी दीपक घड़ी चम्मच थाली केतली तस्वीर ढोलक बाँसुरी सितार तंबू झरना चक्की गिटार शंख रेलगाड़ी झूला',
    second:
      'बाघ शेर हाथी जिराफ़ ज़ेबरा ऊँट ख़रगोश गिलहरी लोमड़ी डॉल्फ़िन पेंगुइन तोता गरुड़ तितली कछुआ कंगारू पांडा हिरण भेड़ बत्तख़ कबूतर मोर सेब केला संतरा नींबू आड़ू ख़रबूज़ा अंगूर तरबूज़ अनानास गाजर टमाटर आलू प्याज़ मिर्च कद्दू खीरा पालक चावल रोटी मक्खन पनीर शहद शक्कर दालचीनी वनीला चॉकलेट बादाम अखरोट गुलाब कमल चमेली सूरजमुखी बाँस नारियल मशरूम स्ट्रॉबेरी ख़ुबानी जैतून धनिया भिंडी अदरक इलायची पपीता अमरूद काजू पुदीना',
  },
  it: {
    first:
      'fiume bosco montagna isola giardino prato deserto valle oceano ponte castello torre villaggio mercato stazione museo teatro biblioteca scuola cucina finestra specchio scala cestino bottiglia bottone candela tappeto matita carta cuscino coperta ombrello valigia bicicletta trattore aereo veliero palloncino bussola lanterna martello forbici nastro giacca guanto cappello sedia armadio lampada orologio cucchiaio piatto teiera quadro tamburo flauto violino tenda spiaggia cascata mulino chitarra campana scaffale faro zaino calendario',
    second:
      'tigre leone elefante giraffa zebra cammello coniglio scoiattolo riccio volpe delfino balena pinguino pappagallo aquila gufo farfalla coccinella libellula tartaruga canguro panda cervo pecora anatra mela banana arancia limone ciliegia pesca melone uva mango ananas carota pomodoro patata cipolla peperone zucca cetriolo spinaci riso pane burro formaggio miele zucchero cannella vaniglia cioccolato mandorla noce tulipano rosa giglio viola girasole acero fungo fragola lampone albicocca oliva prezzemolo castagna lenticchia',
  },
  ja: {
    first:
      'みずうみ もり やま こうえん にわ さばく たに みなと おしろ タワー いちば えき びじゅつかん げきじょう としょかん がっこう だいどころ まど かがみ はしご バスケット ボタン ろうそく じゅうたん えんぴつ まくら もうふ かさ スーツケース じてんしゃ トラクター ひこうき ヨット ふうせん コンパス ちょうちん かなづち はさみ リボン ジャケット てぶくろ ぼうし いす たんす ランプ とけい スプーン おさら やかん たいこ フルート バイオリン テント すなはま ふうしゃ ギター すず ほんだな とうだい リュック カレンダー ブランコ めがね でんしゃ ピアノ',
    second:
      'ライオン ぞう きりん しまうま らくだ うさぎ りす はりねずみ きつね いるか くじら ペンギン おうむ ふくろう ちょうちょ てんとうむし とんぼ かめ カンガルー パンダ ひつじ あひる はと りんご バナナ みかん レモン さくらんぼ メロン ぶどう マンゴー パイナップル にんじん トマト じゃがいも たまねぎ ピーマン かぼちゃ きゅうり ほうれんそう おにぎり しょくパン バター チーズ はちみつ シナモン バニラ チョコレート アーモンド くるみ チューリップ ばら ゆり すみれ ひまわり もみじ サボテン しいたけ いちご オリーブ とうもろこし すいか たけのこ えだまめ',
  },
  ko: {
    first:
      '호수 숲속 바위 정원 초원 사막 골짜기 바다 항구 다리 궁전 마을 시장 기차역 박물관 극장 도서관 학교 부엌 창문 거울 사다리 바구니 유리병 단추 양초 양탄자 연필 종이 베개 담요 우산 여행가방 자전거 트랙터 비행기 돛단배 풍선 나침반 등불 망치 가위 바늘 리본 재킷 장갑 모자 의자 옷장 램프 시계 숟가락 접시 주전자 그림 피리 바이올린 텐트 해변 폭포 풍차 기타 책장 등대 배낭 달력 그네 안경',
    second:
      '호랑이 사자 코끼리 기린 얼룩말 낙타 토끼 다람쥐 고슴도치 여우 돌고래 펭귄 앵무새 독수리 부엉이 나비 무당벌레 잠자리 거북이 캥거루 판다 사슴 오리 비둘기 사과 바나나 오렌지 레몬 체리 복숭아 멜론 포도 망고 파인애플 당근 토마토 감자 양파 고추 호박 오이 시금치 쌀밥 식빵 버터 치즈 벌꿀 설탕 계피 바닐라 초콜릿 아몬드 호두 튤립 장미 백합 제비꽃 해바라기 단풍나무 대나무 선인장 버섯 딸기 살구 올리브 옥수수 수박',
  },
  nb: {
    first:
      'elven skog fjell ørken hage eng dal havn slott tårn landsby marked stasjon museum teater bibliotek skole kjøkken vindu speil stige flaske stearinlys teppe blyant papir pute paraply koffert sykkel traktor seilbåt ballong kompass lykt hammer nåleøye sløyfe jakke hanske stol skap lampe tallerken tekanne maleri tromme fløyte fiolin telt strand foss mølle gitar bjelle hylle fyrtårn ryggsekk kalender terning anker huske briller vogn',
    second:
      'tiger løve elefant sjiraff sebra neshorn kanin ekorn pinnsvin delfin pingvin papegøye ørn ugle sommerfugl marihøne øyenstikker skilpadde kenguru panda hjort sau due eple banan appelsin sitron kirsebær fersken melon pære mango ananas gulrot tomat potet løk paprika gresskar agurk spinat ris brød smør honning sukker kanel vanilje sjokolade mandel valnøtt tulipan rose lilje fiol solsikke lønn bambus kaktus jordbær bringebær mais aprikos oliven persille kastanje blåbær',
  },
  nl: {
    first:
      'rivier heuvel berg eiland tuin weide woestijn vallei oceaan haven kasteel toren dorp markt station museum theater bibliotheek school keuken venster spiegel ladder mand fles knoop kaars tapijt potlood papier kussen deken paraplu koffer fiets tractor vliegtuig zeilboot ballon kompas lantaarn hamer schaar naald strik jas handschoen stoel lamp klok lepel theepot schilderij trommel fluit viool tent strand waterval molen gitaar plank vuurtoren rugzak kalender anker schommel brug',
    second:
      'tijger leeuw olifant giraf zebra neushoorn konijn eekhoorn egel dolfijn walvis pinguïn papegaai arend uil vlinder libel schildpad kangoeroe panda hert schaap eend duif appel banaan sinaasappel citroen perzik meloen pruim mango ananas wortel tomaat aardappel knoflook paprika pompoen komkommer spinazie rijst brood boter honing suiker kaneel vanille chocolade amandel walnoot tulp roos lelie viooltje zonnebloem esdoorn bamboe cactus champignon aardbei framboos abrikoos olijf peterselie kastanje',
  },
  pl: {
    first:
      'rzeka jezioro wyspa ogród pustynia dolina ocean port most zamek wieża wioska rynek dworzec muzeum teatr biblioteka szkoła kuchnia okno lustro drabina koszyk butelka guzik świeca dywan ołówek papier poduszka parasol walizka rower traktor samolot żaglówka balon kompas latarnia młotek nożyczki igła wstążka kurtka rękawiczka kapelusz krzesło szafa lampa zegar łyżka talerz czajnik obraz bęben flet skrzypce namiot plaża wodospad młyn gitara dzwonek półka plecak kalendarz kotwica huśtawka',
    second:
      'tygrys słoń żyrafa zebra wielbłąd królik wiewiórka jeż delfin wieloryb pingwin papuga orzeł sowa motyl biedronka ważka żółw kangur panda jeleń owca gołąb jabłko banan pomarańcza cytryna wiśnia brzoskwinia melon gruszka mango ananas marchewka pomidor ziemniak cebula papryka dynia ogórek szpinak ryż chleb masło miód cukier cynamon wanilia czekolada migdał tulipan róża lilia fiołek słonecznik klon bambus kaktus pieczarka truskawka malina morela oliwka pietruszka kasztan soczewica jagoda',
  },
  pt: {
    first:
      'lagoa floresta montanha ilha jardim campo deserto oceano porto castelo torre aldeia mercado estação museu teatro biblioteca escola cozinha janela espelho escada cesta garrafa botão vela tapete lápis papel almofada cobertor mala bicicleta trator avião veleiro balão bússola lanterna martelo tesoura agulha fita jaqueta luva chapéu cadeira armário relógio colher prato chaleira quadro tambor flauta violino barraca praia cachoeira moinho violão sino estante farol mochila calendário âncora balanço ponte',
    second:
      'tigre leão elefante girafa zebra camelo coelho esquilo raposa golfinho baleia pinguim papagaio águia coruja borboleta joaninha libélula tartaruga canguru panda ovelha pomba maçã banana laranja limão cereja pêssego melão uva manga abacaxi cenoura tomate batata cebola pimentão abóbora pepino espinafre arroz manteiga queijo mel açúcar canela baunilha chocolate amêndoa tulipa rosa lírio violeta girassol bambu cacto cogumelo morango framboesa damasco azeitona salsa castanha lentilha milho coco',
  },
  sv: {
    first:
      'flod skog berg öken trädgård äng dal ocean hamn slott torn marknad station museum teater bibliotek skola fönster spegel stege flaska knapp stearinljus matta penna papper kudde paraply resväska cykel traktor flygplan segelbåt ballong kompass lykta hammare rosett jacka handske stol skåp lampa sked tallrik tekanna målning trumma flöjt fiol tält strand vattenfall kvarn gitarr klocka hylla fyrtorn ryggsäck kalender tärning ankare gunga glasögon vagn',
    second:
      'tiger lejon elefant giraff zebra noshörning kanin ekorre igelkott delfin pingvin papegoja örn uggla fjäril nyckelpiga trollslända sköldpadda känguru panda hjort lamm duva äpple banan apelsin citron körsbär persika melon päron mango ananas morot tomat potatis lök paprika pumpa gurka spenat havre bröd smör honung socker kanel vanilj choklad mandel valnöt tulpan ros lilja viol solros lönn bambu kaktus jordgubbe hallon aprikos oliv persilja kastanj blåbär',
  },
  tr: {
    first:
      'nehir orman ada bahçe tarla vadi okyanus liman köprü saray kule köy pazar istasyon müze tiyatro kütüphane okul mutfak pencere ayna merdiven sepet şişe düğme mum halı kalem kâğıt yastık battaniye şemsiye bavul bisiklet traktör uçak yelkenli balon pusula fener çekiç makas iğne kurdele ceket eldiven şapka sandalye dolap lamba saat kaşık tabak çaydanlık resim trampet flüt keman çadır kumsal şelale değirmen gitar zil raf takvim çapa salıncak gözlük',
    second:
      'kaplan aslan fil zürafa zebra deve tavşan sincap kirpi tilki yunus balina penguen papağan kartal baykuş kelebek yusufçuk kaplumbağa kanguru panda geyik koyun ördek güvercin elma muz portakal limon kiraz şeftali kavun üzüm mango ananas havuç domates patates soğan biber kabak salatalık ıspanak pirinç ekmek tereyağı peynir bal şeker tarçın vanilya çikolata badem ceviz lale gül zambak menekşe ayçiçeği bambu kaktüs mantar çilek ahududu kayısı zeytin maydanoz kestane mercimek',
  },
  zh: {
    first:
      '河流 森林 高山 海岛 花园 草原 沙漠 山谷 大海 港口 大桥 城堡 高塔 村庄 市场 车站 博物馆 剧院 图书馆 学校 厨房 窗户 镜子 梯子 篮子 瓶子 纽扣 蜡烛 地毯 铅笔 白纸 枕头 毛毯 雨伞 行李箱 自行车 拖拉机 飞机 帆船 气球 指南针 灯笼 锤子 剪刀 丝带 外套 手套 帽子 椅子 衣柜 台灯 时钟 勺子 盘子 茶壶 油画 大鼓 笛子 小提琴 帐篷 沙滩 瀑布 风车 吉他 铃铛 书架 灯塔 背包',
    second:
      '老虎 狮子 大象 长颈鹿 斑马 骆驼 兔子 松鼠 刺猬 海豚 鲸鱼 企鹅 鹦鹉 老鹰 猫头鹰 蝴蝶 瓢虫 蜻蜓 乌龟 袋鼠 熊猫 绵羊 鸭子 鸽子 苹果 香蕉 橙子 柠檬 樱桃 桃子 甜瓜 葡萄 芒果 菠萝 胡萝卜 番茄 土豆 洋葱 辣椒 南瓜 黄瓜 菠菜 米饭 面包 黄油 奶酪 蜂蜜 白糖 肉桂 咖啡 巧克力 杏仁 核桃 郁金香 玫瑰 百合 紫罗兰 向日葵 枫树 竹子 仙人掌 蘑菇 草莓 树莓 蓝莓 橄榄 芹菜 栗子',
  },
};
