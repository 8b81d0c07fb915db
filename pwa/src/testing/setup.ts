import { cleanup, configure } from '@testing-library/preact';
import { afterEach, beforeEach, vi } from 'vitest';
import { setLanguage } from '../i18n/t';

// on a busy machine a screen may take a while
configure({ asyncUtilTimeout: 15_000 });

beforeEach(async () => {
  await setLanguage('zh');
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  // one page may serve several files: the next one begins as the first one did
  localStorage.clear();
  history.replaceState(null, '', '#');
});
