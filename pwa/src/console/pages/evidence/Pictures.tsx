import { tc } from '../../../i18n/console';
import { bytes } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Icon } from '../../../ui/Icon';
import { Panel } from '../../parts/Page';
import { VoiceLine } from '../../parts/VoiceLine';
import type { BlobState, Evidence, Photo } from '../../types';

/** The camera frame from which the code was read: the picture is the proof, no second one was taken. */
export function FramePanel({ evidence, at }: { evidence: Evidence; at: string }) {
  const { frame } = evidence;
  return (
    <Panel title={tc('frame.title')} fact={tc('frame.why')}>
      <div class="frames frames--facts">
        <figure class="frame">
          {frame ? <Picture photo={frame} alt={tc('frame.alt', { time: at })} width={960} /> : <Missing state="none" />}
          <figcaption>
            <b>{tc('frame.at', { time: at })}</b>
            {frame ? tc(`photo.${frame.state}`) : tc('frame.none.why')}
          </figcaption>
        </figure>
        {frame && (
          <dl class="dl">
            <dt>{tc('frame.size')}</dt>
            <dd>{bytes(frame.size)}</dd>
            <dt>{tc('log.hash')}</dt>
            <dd class="code">{frame.sha256}</dd>
            {frame.reused && (
              <>
                <dt>{tc('rec.marked')}</dt>
                <dd>{tc('mark.duplicate_photo')}</dd>
              </>
            )}
            {frame.url && (
              <>
                <dt class="noprint">{tc('frame.whole')}</dt>
                <dd class="noprint">
                  <a href={frame.url} download>
                    {tc('frame.download')}
                  </a>
                </dd>
              </>
            )}
          </dl>
        )}
      </div>
    </Panel>
  );
}

/** The photos of the answers and of what was reported, what was said, and what was signed. */
export function PhotosPanel({ evidence, at }: { evidence: Evidence; at: string }) {
  const { photos, answers } = evidence;
  if (photos.length === 0) return null;
  const nameOf = (photo: Photo) => {
    const answer = answers.find((one) => one.field === photo.field);
    return answer ? say(answer.label) : tc('photo.other');
  };
  const shown = photos.filter((photo) => photo.of === null);
  const pictures = shown.filter((photo) => photo.role !== 'voice');
  const voices = shown.filter((photo) => photo.role === 'voice');
  return (
    <Panel title={tc('photo.title')} fact={tc('visit.photos', { n: shown.length })}>
      {voices.map((voice) => (
        <VoiceLine key={voice.sha256} url={voice.url} name={nameOf(voice)} told={tc(`photo.${voice.state}`)} />
      ))}
      <div class="photogrid">
        {pictures.map((photo, n) => {
          const original = photos.find((one) => one.of === photo.sha256);
          return (
            <figure key={photo.sha256} class={photo.role === 'signature' ? 'frame frame--ink' : 'frame'}>
              {photo.url ? (
                <a href={photo.url} download aria-label={tc('photo.open', { n: n + 1 })}>
                  <Picture photo={photo} alt={tc('photo.alt', { n: n + 1, time: at, name: nameOf(photo) })} width={480} />
                </a>
              ) : (
                <Picture photo={photo} alt="" width={480} />
              )}
              <figcaption>
                <b>{nameOf(photo)}</b>
                {tc(photo.role === 'signature' && photo.state === 'stored' ? 'photo.signature' : `photo.${photo.state}`)}
                {photo.reused && ` · ${tc('mark.duplicate_photo')}`}
                {original && (
                  <span class="noprint">
                    {' · '}
                    {original.url ? (
                      <a href={original.url} download>
                        {tc('photo.original')}
                      </a>
                    ) : (
                      `${tc('photo.original')}: ${tc(`photo.${original.state}`)}`
                    )}
                  </span>
                )}
              </figcaption>
            </figure>
          );
        })}
      </div>
    </Panel>
  );
}

function Picture({ photo, alt, width }: { photo: Photo; alt: string; width: 480 | 960 }) {
  if (photo.url === null) return <Missing state={photo.state} />;
  return <img src={`${photo.url}?width=${width}`} alt={alt} loading="lazy" decoding="async" />;
}

function Missing({ state }: { state: BlobState | 'none' }) {
  const icon = state === 'pending' ? 'rc-sending' : state === 'none' ? 'camera' : 'rc-attention';
  return (
    <div class="frame__none">
      <p>
        <Icon name={icon} />
        <br />
        {tc(state === 'none' ? 'frame.none' : `photo.${state}`)}
      </p>
    </div>
  );
}
