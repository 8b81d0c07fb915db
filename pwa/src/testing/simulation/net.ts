/** Networks that lose, cut, change, double and reorder, and Wi-Fi that wants a log-in first. */
import { utf8 } from '../../protocol/encoding';
import { NetError, type Net, type NetAnswer, type NetRequest } from '../../protocol/ports';
import type { Dice } from './dice';
import type { Actor, Scheduler } from './scheduler';

/** How bad the way to the server is now; shares of requests. */
export type Weather = {
  /** Nothing gets through at all. */
  isDown: boolean;
  isPortal: boolean;
  share: number;
};

const KINDS = ['lost', 'ack', 'silent', 'cut', 'flip', 'portal', 'redirect', 'twice', 'late', 'busy', 'broken'] as const;
export type NetFault = (typeof KINDS)[number];

export type Way = { net: Net; sent: (request: NetRequest) => void };

/** The net of one tab: it waits its turn before the request arrives, and again before the answer does. */
export function netOf(
  actor: Actor,
  { scheduler, dice, weather, serve }: { scheduler: Scheduler; dice: Dice; weather: Weather; serve: Net['send'] },
): Net {
  const late: NetRequest[] = [];

  async function send(request: NetRequest): Promise<NetAnswer> {
    const fault = weather.isDown ? 'lost' : weather.isPortal ? 'portal' : dice.chance(weather.share) ? dice.pick(KINDS) : null;
    const what = request.path.split('/').slice(4, 5).join('');
    await scheduler.turn(actor, `>${what}${fault ?? ''}`);
    switch (fault) {
      case 'lost':
        throw new NetError('offline');
      case 'silent':
        await new Promise<void>((resolve) => scheduler.after(actor, request.timeoutMs, resolve));
        throw new NetError('timeout');
      case 'portal':
        return plain(200, 'text/html', '<html>Sign in to the Wi-Fi</html>');
      case 'redirect':
        throw new NetError('redirect');
      case 'busy':
        return plain(dice.pick([429, 503]), 'text/plain', '', dice.pick(['', '0', '-3', '7', '99999999999', 'soon', PAST]));
      case 'broken':
        return plain(dice.pick([500, 502, 413, 400]), 'text/html', '<h1>Bad gateway</h1>');
      case 'late':
        late.push(request);
        throw new NetError('offline');
    }
    if (fault === 'twice') {
      await serve(request);
      await scheduler.turn(actor, 'again');
    }
    const answer = await serve(request);
    for (const old of late.splice(0)) await serve(old);
    await scheduler.turn(actor, `<${what}`);
    if (fault === 'ack') throw new NetError('offline');
    if (fault === 'cut') return { ...answer, body: answer.body.slice(0, dice.below(answer.body.length + 1)) };
    if (fault === 'flip' && answer.body.length > 0) {
      const body = answer.body.slice();
      const at = dice.below(body.length);
      body[at] = body[at]! ^ (1 << dice.below(8));
      return { ...answer, body };
    }
    return answer;
  }

  return { send };
}

const PAST = 'Wed, 21 Oct 2015 07:28:00 GMT';

function plain(status: number, type: string, text: string, retryAfter = ''): NetAnswer {
  const headers: Record<string, string> = { 'content-type': type, ...(retryAfter ? { 'retry-after': retryAfter } : {}) };
  return { status, header: (name) => headers[name.toLowerCase()] ?? null, body: utf8(text) };
}
