import { fireEvent, render } from '@testing-library/preact';
import { beforeEach, expect, test, vi } from 'vitest';
import '../../../i18n/console';
import { setLanguage } from '../../../i18n/t';
import { check } from '../places/StandHere';
import { moved, percent, placesOf, readPercent, walkOf, type MapPlace, type SiteMap } from './model';
import { Sheet } from './Sheet';

const place = (n: number): MapPlace => ({ kind: 'checkpoint', id: `cp-${n}`, number: `0${n}`, name: { zh: `点 ${n}`, en: `Point ${n}` } });
const places = [place(1), place(2), place(3)];
const map: SiteMap = {
  id: 'm-1',
  number: 1,
  name: { zh: '园区', en: 'Grounds' },
  image: { sha256: 'a'.repeat(64), width: 1600, height: 1200, size: 9, url: '/x' },
  pins: [
    { target: { kind: 'checkpoint', id: 'cp-2' }, x: 2_000, y: 3_000 },
    { target: { kind: 'checkpoint', id: 'cp-1' }, x: 9_980, y: 40 },
  ],
};
const stop = (n: number) => ({ id: `st-${n}`, target: { kind: 'checkpoint' as const, id: `cp-${n}` }, form: null });
const route = { id: 'r', name: { zh: '线', en: '' }, order: 'free' as const, stops: [stop(1), stop(3), stop(2)] } as never;

beforeEach(() => setLanguage('en'));

function draw(mayMove = true) {
  const onMove = vi.fn();
  const { container } = render(<Sheet map={map} places={places} route={route} chosen={null} mayMove={mayMove} onChoose={() => undefined} onMove={onMove} />);
  const pin = container.querySelector<HTMLButtonElement>('.plan__pin[title="02 Point 2"]')!;
  return { container, pin, onMove };
}

test('a pin is moved by the arrow keys, is kept when the key is let go, and never leaves the plan', () => {
  const { pin, onMove } = draw();
  fireEvent.keyDown(pin, { key: 'ArrowLeft', shiftKey: true });
  fireEvent.keyDown(pin, { key: 'ArrowDown' });
  expect(onMove).not.toHaveBeenCalled();
  fireEvent.keyUp(pin, { key: 'ArrowDown' });
  expect(onMove.mock.calls).toEqual([[place(2), { x: 1_500, y: 3_050 }]]);
  expect(moved({ x: 9_980, y: 40 }, 'ArrowRight', false)).toEqual({ x: 10_000, y: 40 });
  expect(moved({ x: 9_980, y: 40 }, 'ArrowUp', true)).toEqual({ x: 9_980, y: 0 });
  expect(moved({ x: 1, y: 1 }, 'Enter', false)).toBeNull();
});

test('a pin is dragged to where it is let go; a touch that moved nothing only chooses', () => {
  const { container, pin, onMove } = draw();
  container.querySelector('.plan')!.getBoundingClientRect = () => ({ left: 100, top: 50, width: 400, height: 300 }) as DOMRect;
  let captured = false;
  pin.setPointerCapture = () => (captured = true) as never;
  pin.hasPointerCapture = () => captured;
  const at = (kind: 'pointerDown' | 'pointerMove' | 'pointerUp', clientX: number, clientY: number) => fireEvent[kind](pin, { pointerId: 1, clientX, clientY });
  at('pointerDown', 180, 140);
  at('pointerUp', 180, 140);
  expect(onMove).not.toHaveBeenCalled();
  at('pointerDown', 180, 140);
  at('pointerMove', 300, 200);
  at('pointerMove', 600, 200);
  at('pointerUp', 600, 200);
  expect(onMove.mock.calls).toEqual([[place(2), { x: 10_000, y: 5_000 }]]);
});

test('who may only look moves nothing', () => {
  const { pin, onMove } = draw(false);
  fireEvent.keyDown(pin, { key: 'ArrowLeft' });
  fireEvent.keyUp(pin, { key: 'ArrowLeft' });
  expect(onMove).not.toHaveBeenCalled();
});

test('the route is drawn through the stops that lie on the map, with their numbers, and every pin says where it is', () => {
  const { container } = draw();
  expect(container.querySelector('polyline')!.getAttribute('points')).toBe('9980,40 2000,3000');
  expect([...container.querySelectorAll('.plan__pin')].map((pin) => [pin.textContent, pin.getAttribute('aria-label')])).toEqual([
    ['1', expect.stringContaining('01 Point 1, 100 % across, 0 % down')],
    ['3', expect.stringContaining('02 Point 2, 20 % across, 30 % down')],
  ]);
  expect(walkOf(map, null)).toEqual([]);
});

test('figures are read as they are typed, and nothing else is', () => {
  expect(['12.5', '100', ' 0 ', '7,25'].map(readPercent)).toEqual([1_250, 10_000, 0, 725]);
  expect(['', '-1', '100.1', '1e1', 'x', '12.345'].map(readPercent)).toEqual([null, null, null, null, null, null]);
  expect([1_250, 10_000, 2_500].map(percent)).toEqual(['12.5', '100', '25']);
});

test('what was taken down can lie on no map, and places come by number', () => {
  const point = (number: string, retired = false) => ({ id: number, number, name: { zh: number, en: '' }, zone: null, position: null, retired, tag: null, used_by: 0 });
  expect(placesOf([point('10'), point('2'), point('3', true)], []).map((one) => one.number)).toEqual(['2', '10']);
});

test('a position that is rough is not taken, and one that is far from the others is doubted', () => {
  const here = { lat: 312_214_300, lon: 1_214_512_800 };
  expect(check(here, 120, []).tone).toBe('bad');
  expect(check(here, Number.NaN, []).tone).toBe('bad');
  expect(check(here, 8, [{ lat: here.lat + 9_000, lon: here.lon }]).tone).toBe('calm');
  expect(check(here, 8, [{ lat: here.lat + 9_000_000, lon: here.lon }]).tone).toBe('warn');
});
