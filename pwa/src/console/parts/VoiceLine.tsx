import { useEffect, useState } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { usePlayer } from '../../ui/player';

export type VoiceLineProps = {
  /** Null: it has not come, or is kept no longer. */
  url: string | null;
  name: string;
  /** What is said of it beside its name. */
  told?: string;
};

/** A voice note: played here, and fetched only then, for that somebody heard it is noted. */
export function VoiceLine({ url: address, name, told = '' }: VoiceLineProps) {
  const [url, setUrl] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const { playing, play, pause } = usePlayer(url);
  useEffect(() => {
    if (url === null) return undefined;
    play();
    return () => URL.revokeObjectURL(url);
  }, [url]);
  const hear = async (address: string): Promise<void> => {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error(String(answer.status));
      setUrl(URL.createObjectURL(await answer.blob()));
    } catch {
      setFailed(true);
    }
  };
  return (
    <p class="voiceline">
      {address !== null && (
        <Button icon={playing ? 'stop' : 'play'} onPress={() => (playing ? pause() : url === null ? void hear(address) : play())}>
          {tc(playing ? 'photo.voice.stop' : 'photo.voice.play')}
        </Button>
      )}
      <span>
        <b>{name}</b> {failed ? tc('photo.damaged') : told}
      </span>
    </p>
  );
}
