// Hindi, in the same form of address as i18n/locales/hi.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: 'हम आपको {number} से कॉल करेंगे।',
  silenced: 'अगर आपका फ़ोन अनजान कॉल को साइलेंट करता है, तो पहले हमारा नंबर सहेजें।',
  'usually-rings': 'आमतौर पर {duration} के अंदर घंटी बजती है।',
  'phrase-title': 'हमारा एजेंट इन शब्दों से शुरुआत करेगा',
  'phrase-detail': 'अगर कॉल करने वाले को ये शब्द पता न हों, तो फ़ोन काट दें।',
  'redial-at': 'हम एक बार और कोशिश करेंगे: {time}।',
  'redial-dropped-title': 'हम दोबारा कोशिश नहीं कर पाए',
  'redial-dropped-detail': 'अगर आपको अब भी कॉल चाहिए, तो कृपया एक और कॉल का अनुरोध करें।',
  'message-left-title': 'हमने आपके लिए संदेश छोड़ा है',
  'message-left-detail': 'उसे अपने वॉइसमेल में सुनें।',
  'voicemail-title': 'कॉल आपके वॉइसमेल पर गई',
  'voicemail-detail': 'हमने कॉल की, लेकिन आपके वॉइसमेल ने जवाब दिया।',
  'agreed-title': 'जो तय हुआ',
  'appointment-title': 'आपका अपॉइंटमेंट',
  'your-time': '{time} (आपके समय क्षेत्र में)',
};
