import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { tell } from '../model/notice';

/** Puts a text on the clipboard. Browsers have one on https and on localhost alone; elsewhere there is no button. */
export function CopyButton({ text }: { text: string }) {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return null;
  return (
    <Button icon="copy" onPress={() => void clipboard.writeText(text).then(() => tell(tc('recovery.copied')), () => undefined)}>
      {tc('recovery.copy')}
    </Button>
  );
}
