import { afterEach, expect, test, vi } from 'vitest';
import { NoCamera, openCamera } from './camera';

function someCamera(capabilities: object, fails?: string) {
  const track = { stop: vi.fn(), applyConstraints: vi.fn(() => Promise.resolve()), getCapabilities: () => capabilities };
  const stream = { getTracks: () => [track], getVideoTracks: () => [track] };
  const getUserMedia = vi.fn(() => (fails ? Promise.reject(new DOMException('no', fails)) : Promise.resolve(stream)));
  vi.stubGlobal('navigator', { mediaDevices: { getUserMedia } });
  const video = { play: () => Promise.resolve(), srcObject: null } as unknown as HTMLVideoElement;
  return { track, getUserMedia, video };
}

afterEach(() => vi.unstubAllGlobals());

test('it asks for the camera at the back and never for sound', async () => {
  const { getUserMedia, video } = someCamera({});
  const camera = await openCamera(video);
  expect(getUserMedia).toHaveBeenCalledWith({
    audio: false,
    video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
  });
  expect([camera.torch, camera.zoom]).toEqual([undefined, undefined]);
});

test('torch and zoom are offered where the track has them, and closing gives the camera back', async () => {
  const { track, video } = someCamera({ torch: true, zoom: { min: 1, max: 8 } });
  const camera = await openCamera(video);
  await camera.torch!(true);
  await camera.zoom!(true);
  await camera.zoom!(false);
  expect(track.applyConstraints.mock.calls).toEqual([
    [{ advanced: [{ torch: true }] }],
    [{ advanced: [{ zoom: 2 }] }],
    [{ advanced: [{ zoom: 1 }] }],
  ]);
  camera.close();
  expect(track.stop).toHaveBeenCalledOnce();
  expect(video.srcObject).toBeNull();
});

test.each([
  ['NotAllowedError', 'denied'],
  ['SecurityError', 'denied'],
  ['NotFoundError', 'none'],
  ['OverconstrainedError', 'none'],
  ['NotReadableError', 'busy'],
])('%s is told apart as %s', async (name, why) => {
  const { video } = someCamera({}, name);
  const error = await openCamera(video).catch((e: unknown) => e);
  expect(error).toBeInstanceOf(NoCamera);
  expect((error as NoCamera).why).toBe(why);
});

test('an address that is not secure is told apart from a phone without a camera', async () => {
  const video = {} as HTMLVideoElement;
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('isSecureContext', false);
  await expect(openCamera(video)).rejects.toMatchObject({ why: 'insecure' });
  vi.stubGlobal('isSecureContext', true);
  await expect(openCamera(video)).rejects.toMatchObject({ why: 'none' });
});
