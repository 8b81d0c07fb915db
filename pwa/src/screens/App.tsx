import { Lazy } from './Lazy';

const screens = {
  starting: () => import('./start/Starting').then((m) => m.Starting),
  today: () => import('./today/Today').then((m) => m.Today),
};

/** The phone app: which screen stands for the state it is in. */
export function App() {
  return <Lazy load={screens.starting} />;
}
export const screensOfApp = screens;
