// Hindi, in the same form of address as i18n/locales/hi.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': 'मुझे कॉल करें: {time}',
  'another-time': 'कोई और समय चुनें',
  'queue-join': 'कतार में इंतज़ार करें',
  'queue-leave': 'कतार छोड़ें',
  'queue-offer': 'कतार में आपका स्थान {place} होगा।',
  'queue-offer-next': 'अगली कॉल आपकी होगी।',
  'queue-offer-wait': 'इंतज़ार का समय लगभग {duration} है।',
  'queue-offer-soon': 'इंतज़ार का समय एक मिनट से कम है।',
  'queue-title': 'कतार में आपका स्थान: {place}',
  'queue-title-next': 'अगली कॉल आपकी है',
  'queue-wait': 'हम आपको लगभग {duration} में कॉल करेंगे।',
  'queue-soon': 'उम्मीद है कि हम आपको एक मिनट से कम समय में कॉल करेंगे।',
  'queue-until': 'अगर {time} तक आपकी बारी नहीं आई, तो हम इंतज़ार समाप्त कर देंगे।',
  'queue-expired-title': 'हम आपको समय पर कॉल नहीं कर पाए',
  'queue-expired-detail': '30 मिनट में आपकी बारी नहीं आई, इसलिए हमने इंतज़ार समाप्त कर दिया। इस कॉल के लिए आपका फ़ोन नहीं बजेगा।',
};
