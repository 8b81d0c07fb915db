import { expect, test } from 'vitest';
import { hostApp, isIos } from './where';

const CHROME = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36';
const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari/605.1.15';

test.each([
  ['wechat', `${CHROME} MMWEBID/1 MicroMessenger/8.0.50`],
  ['wechat', `${CHROME} wxwork/4.1 MicroMessenger/7.0.1`],
  ['alipay', `${CHROME} AlipayClient/10.5.90`],
  ['dingtalk', `${CHROME} AliApp(DingTalk/7.6.0)`],
  ['other', `${CHROME} QQ/9.0.0`],
  ['other', `${CHROME} Lark/7.0 `],
  [null, CHROME],
  [null, `${CHROME} MQQBrowser/15.0`],
  [null, MAC],
])('the browser inside %s is known by what it says of itself', (app, userAgent) => {
  expect(hostApp(userAgent)).toBe(app);
});

test('iOS is known by its name, and an iPad that calls itself a Mac by its screen', () => {
  expect(isIos('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 5)).toBe(true);
  expect(isIos(MAC, 5)).toBe(true);
  expect(isIos(MAC, 0)).toBe(false);
  expect(isIos(CHROME, 5)).toBe(false);
});
