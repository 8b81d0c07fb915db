import { t, type TextKey } from '../../i18n/t';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import type { ScannerState } from './useScanner';

const WORDS: Partial<Record<ScannerState, TextKey>> = {
  denied: 'scan.camera',
  none: 'scan.camera.none',
  busy: 'scan.camera.busy',
  insecure: 'scan.camera.insecure',
  engine: 'scan.engine',
};

/** Why there is no picture, and what to do; a photo can be used all the same. */
export function Trouble({ state, onRetry }: { state: ScannerState; onRetry: () => void }) {
  return (
    <div class="scanner__trouble" role="status">
      <Icon name="camera" />
      <strong>{t(WORDS[state] ?? 'scan.camera')}</strong>
      <Button onPress={onRetry}>{t('scan.camera.retry')}</Button>
    </div>
  );
}
