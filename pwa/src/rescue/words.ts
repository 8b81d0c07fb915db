/** The few words of the safe page, in both languages: it must speak without the app's catalogues. */
export type Words = Record<
  'title' | 'what' | 'act' | 'busy' | 'wrote' | 'calledOff' | 'then' | 'none' | 'noneWhy' | 'failed' | 'keep' | 'app' | 'other',
  string
>;

export const words: Record<'zh' | 'en', Words> = {
  zh: {
    title: '导出这部手机的记录',
    what: '程序打不开时用这一页。不用网，不用登录：把本机的记录和照片存成一个文件。记录还留在手机里。',
    act: '导出记录',
    busy: '正在写：记录 {n} 条，照片 {m} 张',
    wrote: '写好了：记录 {n} 条，照片 {m} 张',
    calledOff: '没有存。可以再来一次',
    then: '把文件交给主管，或发给同事，他在自己的手机上选“设置 · 导出与代传”。',
    none: '这个浏览器里没有记录',
    noneWhy: '请用平时巡查的那个浏览器打开这一页。',
    failed: '读不出来：{why}',
    keep: '先关掉别的页面再试。不要清除浏览器数据。',
    app: '回到巡迹',
    other: 'English',
  },
  en: {
    title: 'Export the records of this phone',
    what: 'For when the app does not open. No network, no log-in: the records and photos on this phone go into one file. They stay on the phone, too.',
    act: 'Export records',
    busy: 'Writing: records {n}, photos {m}',
    wrote: 'Written: records {n}, photos {m}',
    calledOff: 'Not saved. You can try again',
    then: 'Give the file to a supervisor, or send it to a colleague, who takes it in under “Settings · Export and carry”.',
    none: 'There are no records in this browser',
    noneWhy: 'Open this page in the browser in which the rounds are walked.',
    failed: 'It cannot be read: {why}',
    keep: 'Close other pages and try again. Do not clear the browser’s data.',
    app: 'Back to Roundsman',
    other: '中文',
  },
};
