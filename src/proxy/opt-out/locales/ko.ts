// The opt-out page in Korean.

import type { OptOutTexts } from '../opt-out-texts.js';

export const ko: OptOutTexts = {
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
};
