import { useId, useState } from 'preact/hooks';
import { personOfBadge } from '../../actions/badge';
import { signIn } from '../../actions/signIn';
import { say } from '../../i18n/label';
import { isTextKey, language, t } from '../../i18n/t';
import { device, person as signedIn, roster, site, successor, teamName } from '../../state/app';
import { chooseLanguage } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Pad, PinDots } from '../../ui/Pad';
import { People } from '../../ui/People';
import { Dock, Screen } from '../../ui/Screen';
import { Conditions } from '../Conditions';
import { href, replace } from '../route';
import { CodeScan } from '../scan/CodeScan';
import { find } from './find';
import { usePin } from './usePin';

const ROW = 'last-person';
/** From so many people on they are searched; fewer are seen at a glance. */
const MANY = 9;

/**
 * The people of the site, and the pad for the one who takes the phone. While somebody is signed in it hands the phone
 * over: whose shift it is stays as it is until the next person's PIN is right.
 */
export function WhoAreYou() {
  const [chosen, setChosen] = useState<string | null>(() => successor.value ?? sessionStorage.getItem(ROW));
  const [sought, setSought] = useState('');
  const [scans, setScans] = useState(false);
  const search = useId();
  const everybody = roster.value.filter(({ id }) => id !== signedIn.value?.id);
  const person = everybody.find((each) => each.id === chosen) ?? null;
  const found = find(everybody, sought, teamName);
  const isChange = signedIn.value !== null;
  const pin = usePin(
    (digits) => signIn(person!.id, digits),
    person !== null,
    () => isChange && replace({ name: 'today' }),
  );

  const choose = (id: string): void => {
    sessionStorage.setItem(ROW, id);
    setChosen(id);
    pin.clear();
  };

  if (scans) {
    const onText = async (text: string): Promise<string | null> => {
      const id = await personOfBadge(text);
      if (id === null) return t('pin.badge.unknown');
      choose(id);
      setSought('');
      setScans(false);
      return null;
    };
    return <CodeScan title={t('pin.badge')} onText={onText} onClose={() => setScans(false)} />;
  }
  return (
    <Screen
      title={t(isChange ? 'pin.change' : 'pin.who')}
      {...(isChange ? { back: href({ name: 'today' }) } : {})}
      sub={[site.value ? say(site.value.name) : device.value?.site.name, device.value?.name].filter(Boolean).join(' · ')}
      strip={<Conditions />}
      side={
        <button
          type="button"
          class="iconbtn strong"
          lang={language.value === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => void chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}
        >
          {t('lang.other')}
        </button>
      }
      dock={
        everybody.length > 0 && (
          <Dock plain>
            <p class="dock__say" role="status">
              {pin.say(person === null ? t('pin.choose') : t('pin.ask', { name: person.name }))}
            </p>
            <PinDots entered={pin.entered} />
            <Pad onDigit={pin.digit} onErase={pin.erase} />
          </Dock>
        )
      }
    >
      {everybody.length === 0 ? (
        <div class="card">
          <Empty icon="users" title={t('pin.nobody')}>
            {t('pin.nobody.why')}
          </Empty>
        </div>
      ) : (
        <>
          <div class="whofind">
            {everybody.length >= MANY && (
              <>
                <label class="vh" for={search}>
                  {t('pin.search')}
                </label>
                <input
                  id={search}
                  type="search"
                  autocomplete="off"
                  placeholder={t('pin.search')}
                  value={sought}
                  onInput={(event) => setSought(event.currentTarget.value)}
                />
              </>
            )}
            <Button icon="qr" onPress={() => setScans(true)}>
              {t('pin.badge')}
            </Button>
          </div>
          {person !== null && !found.includes(person) && <p class="meta">{t('pin.chosen', { name: person.name })}</p>}
          {found.length === 0 ? (
            <p>{t('pin.search.none')}</p>
          ) : (
            <People people={found.map(({ id, name, role }) => ({ id, name, sub: roleOf(role) }))} chosen={chosen} onChoose={choose} />
          )}
        </>
      )}
      {!isChange && (
        <Button kind="quiet" icon="export" href={href({ name: 'rescue' })}>
          {t('rescue.title')}
        </Button>
      )}
    </Screen>
  );
}

function roleOf(role: string): string {
  const key = `role.${role}`;
  return isTextKey(key) ? t(key) : role;
}
