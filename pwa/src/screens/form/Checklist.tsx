import { t } from '../../i18n/t';
import { round } from '../../state/today';
import { Empty } from '../../ui/Empty';
import { Screen } from '../../ui/Screen';
import { href, type Route } from '../route';
import { StayLeft } from '../round/Terms';
import { openScan, stopName } from '../words';
import { Filling, type Subject } from './Filling';

/** The checklist of one stop. */
export function Checklist({ to }: { to: Extract<Route, { name: 'form' }> }) {
  const view = round(to.occurrence).value;
  const stop = view?.stops.find((each) => each.id === to.stop);
  const back = href({ name: 'round', occurrence: to.occurrence });
  if (!stop?.form) {
    return (
      <Screen title={t('kind.answers')} back={back}>
        <Empty icon="log" title={t('form.gone')}>
          {t('round.missing.why')}
        </Empty>
      </Screen>
    );
  }
  const subject: Subject = {
    name: `form ${to.occurrence} ${to.stop}`,
    place: stopName(stop),
    target: stop.target,
    occurrence: to.occurrence,
    stop: stop.id,
    scan: to.scan ?? openScan(stop),
    back,
  };
  return (
    <Filling key={subject.name} subject={subject} form={stop.form}>
      {stop.stay && (
        <p class="facts">
          <StayLeft stop={stop} form />
        </p>
      )}
    </Filling>
  );
}
