// Korean, in the same form of address as i18n/locales/ko.ts.

import type { QueueTable } from '../texts.js';

/** The whole table. */
export const table: QueueTable = {
  'call-at': '이 시간에 전화 요청하기: {time}',
  'another-time': '다른 시간 선택',
  'queue-join': '대기열에서 기다리기',
  'queue-leave': '대기열에서 나가기',
  'queue-offer': '대기하시면 {place}번째 순서가 됩니다.',
  'queue-offer-next': '대기하시면 바로 다음 순서가 됩니다.',
  'queue-offer-wait': '예상 대기 시간은 약 {duration}입니다.',
  'queue-offer-soon': '예상 대기 시간은 1분 미만입니다.',
  'queue-title': '대기 순서: {place}번째',
  'queue-title-next': '바로 다음 순서입니다',
  'queue-wait': '약 {duration} 후에 전화드리겠습니다.',
  'queue-soon': '1분 이내에 전화드릴 예정입니다.',
  'queue-until': '{time}까지 순서가 오지 않으면 대기를 종료합니다.',
  'queue-expired-title': '시간 내에 전화드리지 못했습니다',
  'queue-expired-detail': '30분 안에 순서가 오지 않아 대기를 종료했습니다. 이 요청으로는 전화가 울리지 않습니다.',
};
