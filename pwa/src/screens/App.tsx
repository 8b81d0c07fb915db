import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/t';
import { phase } from '../state/app';
import { unasked } from '../state/consent';
import { room } from '../state/keeping';
import { Lazy } from './Lazy';
import { followAddress, route, type Route } from './route';
import { Broken } from './start/Broken';
import { Starting } from './start/Starting';
import { useQuietLock } from './useQuietLock';
import { Own } from './who/AskAgain';

const enrol = () => import('./enrol/Enrol').then((m) => m.Enrol);
const consent = () => import('./consent/Consent').then((m) => m.Consent);
const leaving = () => import('./leaving/Leaving').then((m) => m.Leaving);
const who = () => import('./who/WhoAreYou').then((m) => m.WhoAreYou);
const screens = {
  today: () => import('./today/Today').then((m) => m.Today),
  round: () => import('./round/Round').then((m) => m.Round),
  scan: () => import('./scan/Scan').then((m) => m.Scan),
  form: () => import('./form/Checklist').then((m) => m.Checklist),
  finding: () => import('./finding/Finding').then((m) => m.Finding),
  skip: () => import('./round/Skip').then((m) => m.Skip),
  second: () => import('./round/Second').then((m) => m.Second),
  orders: () => import('./orders/Orders').then((m) => m.Orders),
  order: () => import('./order/Order').then((m) => m.Order),
  act: () => import('./order/OrderAct').then((m) => m.OrderAct),
  set: () => import('./order/OrderSet').then((m) => m.OrderSet),
  orderphotos: () => import('./order/AskedPhotos').then((m) => m.OrderPhotos),
  sign: () => import('./order/Sign').then((m) => m.Sign),
  arrive: () => import('./order/Arrive').then((m) => m.Arrive),
  neworder: () => import('./order/NewOrder').then((m) => m.NewOrder),
  parts: () => import('./order/Parts').then((m) => m.Parts),
  counting: () => import('./order/Counting').then((m) => m.Counting),
  assets: () => import('./asset/Assets').then((m) => m.Assets),
  asset: () => import('./asset/Asset').then((m) => m.Asset),
  document: () => import('./document/Document').then((m) => m.Document),
  assetstate: () => import('./asset/AssetStateSay').then((m) => m.AssetStateSay),
  exchange: () => import('./asset/ExchangeMeter').then((m) => m.ExchangeMeter),
  checklist: () => import('./form/AssetForm').then((m) => m.AssetForm),
  saved: () => import('./saved/Saved').then((m) => m.Saved),
  log: () => import('./log/Log').then((m) => m.Log),
  record: () => import('./log/Record').then((m) => m.RecordDetail),
  ready: () => import('./ready/Ready').then((m) => m.Ready),
  mydata: () => import('./consent/MyData').then((m) => m.MyData),
  menu: () => import('./menu/Menu').then((m) => m.Menu),
  rescue: () => import('./keep/Rescue').then((m) => m.Rescue),
  noRoom: () => import('./keep/NoRoom').then((m) => m.NoRoom),
};
/** Screens that record something. */
const RECORDS = ['scan', 'form', 'finding', 'skip', 'act', 'arrive', 'neworder', 'assetstate', 'exchange', 'orderform', 'assetform', 'findingat', 'parts', 'counting'];

/** The phone app: the screen that fits the state of the phone, and for who is signed in the one that the address names. */
export function App() {
  useEffect(followAddress, []);
  // the file can be written whoever holds the phone, and when nobody has joined
  if (route.value.name === 'rescue' && !['starting', 'broken', 'signed-in'].includes(phase.value)) {
    return <Lazy load={screens.rescue} props={{}} />;
  }
  switch (phase.value) {
    case 'starting':
      return <Starting />;
    case 'broken':
      return <Broken />;
    case 'locked':
      return <Lazy load={who} props={{}} />;
    case 'leaving':
    case 'wiped':
      return <Lazy load={leaving} props={{}} />;
    case 'signed-in':
      return (
        <Shift>
          <Named to={route.value} />
        </Shift>
      );
    default:
      return <Lazy load={enrol} props={{}} />;
  }
}

/** What runs as long as somebody is signed in. */
function Shift({ children }: { children: ComponentChildren }) {
  useQuietLock();
  return <>{children}</>;
}

function Named({ to }: { to: Route }) {
  // a new address is a new screen: nothing of the one before may stay in it
  const key = JSON.stringify(to);
  if (unasked.value && to.name !== 'rescue') return <Lazy load={consent} props={{}} />;
  if (room.value.state === 'full' && RECORDS.includes(to.name)) return <Lazy key={key} load={screens.noRoom} props={{}} />;
  switch (to.name) {
    case 'round':
      return <Lazy key={key} load={screens.round} props={{ to }} />;
    case 'scan':
      return <Lazy key={key} load={screens.scan} props={{ to }} />;
    case 'form':
      return <Lazy key={key} load={screens.form} props={{ to }} />;
    case 'finding':
      return <Lazy key={key} load={screens.finding} props={{ to }} />;
    case 'skip':
      return <Lazy key={key} load={screens.skip} props={{ to }} />;
    case 'second':
      return <Lazy key={key} load={screens.second} props={{ to }} />;
    case 'orders':
      return <Lazy key={key} load={screens.orders} props={{}} />;
    case 'order':
      return <Lazy key={key} load={screens.order} props={{ to }} />;
    case 'act':
      return <Lazy key={key} load={to.act === 'sign' ? screens.sign : to.act === 'set' ? screens.set : screens.act} props={{ to }} />;
    case 'orderphotos':
      return <Lazy key={key} load={screens.orderphotos} props={{ to }} />;
    case 'arrive':
      return <Lazy key={key} load={screens.arrive} props={{ to }} />;
    case 'neworder':
      return <Lazy key={key} load={screens.neworder} props={{ to }} />;
    case 'parts':
      return <Lazy key={key} load={screens.parts} props={{ to }} />;
    case 'counting':
      return <Lazy key={key} load={screens.counting} props={{}} />;
    case 'assets':
      return <Lazy key={key} load={screens.assets} props={{}} />;
    case 'asset':
      return <Lazy key={key} load={screens.asset} props={{ to }} />;
    case 'assetstate':
      return <Lazy key={key} load={screens.assetstate} props={{ to }} />;
    case 'exchange':
      return <Lazy key={key} load={screens.exchange} props={{ to }} />;
    case 'document':
      return <Lazy key={key} load={screens.document} props={{ to }} />;
    case 'orderform':
    case 'assetform':
      return <Lazy key={key} load={screens.checklist} props={{ to }} />;
    case 'findingat':
      return <Lazy key={key} load={screens.finding} props={{ to }} />;
    case 'saved':
      return <Lazy key={key} load={screens.saved} props={{ to }} />;
    case 'record':
      return (
        <Own title={t('log.title')}>
          <Lazy key={key} load={screens.record} props={{ to }} />
        </Own>
      );
    case 'log':
      return (
        <Own title={t('log.title')}>
          <Lazy key={key} load={screens.log} props={{}} />
        </Own>
      );
    case 'change':
      return <Lazy key={key} load={who} props={{}} />;
    case 'ready':
      return <Lazy key={key} load={screens.ready} props={{}} />;
    case 'menu':
      return <Lazy key={key} load={screens.menu} props={{}} />;
    case 'mydata':
      return <Lazy key={key} load={screens.mydata} props={{}} />;
    case 'rescue':
      return <Lazy key={key} load={screens.rescue} props={{}} />;
    default:
      return <Lazy key={key} load={screens.today} props={{}} />;
  }
}
