/**
 * The safe page: exports what is on this phone without any code of the app. It opens when the app does not, offline
 * too, whatever layout the database has. It changes nothing.
 */
import { openSource } from './raw';
import { words, type Words } from './words';
import { fileName, lines, save } from './write';

/** The name of the phone's database; it never changes. */
const DATABASE = 'roundsman';

type Language = keyof typeof words;
type Said = { tone: 'live' | 'calm' | 'warn' | 'bad'; lines: string[] };

let language: Language = spoken();
let said: Said | null = null;
let isBusy = false;

/** The language that was chosen in the app, else the browser's. */
function spoken(): Language {
  let kept: string | null = null;
  try {
    kept = localStorage.getItem('roundsman.language');
  } catch {
    // a browser that keeps nothing has no choice to keep
  }
  if (kept === 'zh' || kept === 'en') return kept;
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

async function exportAll(): Promise<void> {
  isBusy = true;
  try {
    const source = await openSource(DATABASE, indexedDB);
    if (!source || source.records.length + source.photos.length === 0) {
      source?.close();
      say('calm', (w) => [w.none, w.noneWhy]);
      return;
    }
    const madeMs = Date.now();
    let so = { n: 0, m: 0 };
    const file = lines(source, { app: `${__APP_VERSION__} safe`, madeMs }, ({ records, photos }) => {
      so = { n: records, m: photos };
      if (records % 50 === 0 || photos > 0) say('live', (w) => [fill(w.busy, so)]);
    });
    const ended = await save(file, fileName(source.device, madeMs));
    source.close();
    if (ended === 'written') say('calm', (w) => [fill(w.wrote, so), w.then]);
    else say('warn', (w) => [w.calledOff]);
  } catch (error) {
    const why = error instanceof Error ? `${error.name} ${error.message}`.trim() : String(error);
    say('bad', (w) => [fill(w.failed, { why }), w.keep]);
  } finally {
    isBusy = false;
    draw();
  }
}

function say(tone: Said['tone'], tell: (words: Words) => string[]): void {
  said = { tone, lines: tell(words[language]) };
  draw();
}

type Attributes = Record<string, string>;
function element(name: string, attributes: Attributes, ...inside: (Node | string)[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

function button(className: string, text: string, onPress: () => void): HTMLElement {
  const made = element('button', { type: 'button', class: className }, text);
  made.addEventListener('click', onPress);
  return made;
}

function draw(): void {
  const w = words[language];
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  const other = button('iconbtn strong', w.other, () => {
    language = language === 'zh' ? 'en' : 'zh';
    said = null;
    draw();
  });
  other.lang = language === 'zh' ? 'en' : 'zh-CN';
  const go = button('btn btn--main', w.act, () => {
    if (!isBusy) void exportAll();
  });
  go.setAttribute('aria-busy', String(isBusy));
  const note = element('div', { class: 'card', role: 'status' });
  if (said) note.replaceChildren(...said.lines.map((line, i) => element('p', i === 0 ? { class: 'strong' } : {}, line)));
  const top = element('div', { class: 'top__t' }, element('h1', { tabindex: '-1' }, w.title));
  document.body.replaceChildren(
    element(
      'div',
      { class: 'phone' },
      element('header', { class: 'top' }, top, other),
      element('main', { class: 'page' }, element('p', {}, w.what), ...(said ? [note] : []), element('p', {}, element('a', { class: 'btn', href: '/app/' }, w.app))),
      element('div', { class: 'dock dock--plain' }, go),
    ),
  );
}

draw();
