/**
 * Where this page stands. The browsers inside other apps keep nothing for good, and on iOS the installed app has a store
 * of its own: a phone joins where it will be used, and nowhere else.
 */

/** The apps whose browser this may be; `other` is one that is not named here. */
export type HostApp = 'wechat' | 'alipay' | 'dingtalk' | 'other';

const APPS: [RegExp, HostApp][] = [
  [/MicroMessenger/i, 'wechat'], // WeCom says so too
  [/AlipayClient/i, 'alipay'],
  [/DingTalk/i, 'dingtalk'],
  [/\b(?:QQ|Weibo|Lark|Feishu|Aweme|XiaoHongShu|baiduboxapp)\//i, 'other'],
];

/** The app in whose browser this is, by what it says of itself; null in a browser of its own. */
export function hostApp(userAgent: string): HostApp | null {
  return APPS.find(([sign]) => sign.test(userAgent))?.[1] ?? null;
}

/** Whether this is iOS or iPadOS, which calls itself a Mac but has a touch screen. */
export function isIos(userAgent: string, touchPoints: number): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1);
}

/** Whether this runs as an installed app. */
export function isInstalled(): boolean {
  const { standalone } = navigator as Navigator & { standalone?: boolean };
  return standalone === true || matchMedia('(display-mode: standalone)').matches;
}

export type Standing = { kind: 'here' } | { kind: 'inside'; app: HostApp } | { kind: 'not-installed' };

/** Whether a phone may join here; if not, what stands in the way. */
export function standing(): Standing {
  const { userAgent, maxTouchPoints } = navigator;
  const app = hostApp(userAgent);
  if (app !== null) return { kind: 'inside', app };
  return isIos(userAgent, maxTouchPoints) && !isInstalled() ? { kind: 'not-installed' } : { kind: 'here' };
}
