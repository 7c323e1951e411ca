// The opt-out page in Chinese.

import type { OptOutTexts } from '../opt-out-texts.js';

export const zh: OptOutTexts = {
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
};
