// Korean, in the same form of address as i18n/locales/ko.ts.

import type { FollowUpTable } from '../texts.js';

/** The whole table. */
export const table: FollowUpTable = {
  caller: '{number}에서 전화드립니다.',
  silenced: '모르는 번호를 무음으로 처리하는 휴대폰이라면 먼저 저희 번호를 저장해 주세요.',
  'usually-rings': '보통 {duration} 이내에 전화가 울립니다.',
  'phrase-title': '상담원이 먼저 이 두 단어를 말합니다',
  'phrase-detail': '상대방이 이 단어를 모르면 전화를 끊으세요.',
  'redial-at': '한 번 더 전화드리겠습니다: {time}.',
  'redial-dropped-title': '다시 전화드리지 못했습니다',
  'redial-dropped-detail': '계속 통화를 원하시면 전화를 다시 요청해 주세요.',
  'message-left-title': '음성 메시지를 남겼습니다',
  'message-left-detail': '음성 사서함에서 확인해 주세요.',
  'voicemail-title': '음성 사서함으로 연결되었습니다',
  'voicemail-detail': '전화드렸지만 음성 사서함으로 연결되었습니다.',
  'agreed-title': '통화에서 정한 내용',
  'appointment-title': '예약 일정',
  'your-time': '{time} (현지 시간 기준)',
};
