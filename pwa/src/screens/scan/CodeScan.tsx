import { useState } from 'preact/hooks';
import { t } from '../../i18n/t';
import { IconButton } from '../../ui/Button';
import { Trouble } from './Trouble';
import { useScanner } from './useScanner';

export type CodeScanProps = {
  /** What is looked for. */
  title: string;
  /** Take what was read; a text that it returns is shown, and the next code is looked for. */
  onText: (text: string) => Promise<string | null>;
  onClose: () => void;
};

/** The camera, looking for one code that is no checkpoint: a badge, an enrolment. Nothing of it is kept. */
export function CodeScan({ title, onText, onClose }: CodeScanProps) {
  const [told, setTold] = useState<string | null>(null);
  const scanner = useScanner(async ({ text }) => setTold(await onText(text)));
  const works = ['starting', 'looking', 'frozen'].includes(scanner.state);
  return (
    <div class="scanner" data-frozen={scanner.state === 'frozen' ? '' : undefined}>
      <video ref={scanner.video} class="scanner__cam" aria-hidden="true" muted playsInline />
      <canvas ref={scanner.frame} class="scanner__cam scanner__frame" aria-hidden="true" />
      <header class="scanner__top">
        <IconButton name="close" label={t('scan.close')} onPress={onClose} />
        <div class="grow">
          <h1>
            <strong>{title}</strong>
          </h1>
        </div>
      </header>
      <main class="scanner__main">
        {works ? (
          <p class="scanner__hint" role="status">
            {told ?? t(scanner.state === 'starting' ? 'scan.starting' : 'scan.hint')}
          </p>
        ) : (
          <Trouble state={scanner.state} onRetry={scanner.retry} />
        )}
      </main>
    </div>
  );
}
