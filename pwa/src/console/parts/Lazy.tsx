import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Problem } from '../api';
import { Failure, Waiting } from './Answers';

export type LazyProps<P> = { load: () => Promise<ComponentType<P>>; props: P };

/** A page whose code is fetched when it is opened. When it does not come, the page offers to open it again. */
export function Lazy<P extends object>({ load, props }: LazyProps<P>) {
  const [page, setPage] = useState<{ show: ComponentType<P> } | 'waiting' | 'failed'>('waiting');
  useEffect(() => {
    let gone = false;
    load().then(
      (show) => !gone && setPage({ show }),
      () => !gone && setPage('failed'),
    );
    return () => {
      gone = true;
    };
  }, [load]);
  if (page === 'waiting') return <Waiting />;
  if (page === 'failed') return <Failure problem={new Problem('page', 0)} onAgain={() => location.reload()} />;
  const Page = page.show;
  return <Page {...props} />;
}
