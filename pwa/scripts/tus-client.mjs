/**
 * A tus client that others wrote, against our server: `node scripts/tus-client.mjs` reads one JSON object from stdin
 * (`url, log, key` (PKCS#8, base64), `file, sha256, type, options`, and what is to go wrong) and prints what happened.
 * `tests/api/ledger/test_strange_client.py` drives it. Only the proof of each request is ours.
 */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { DefaultHttpStack, Upload } from 'tus-js-client';

const asked = JSON.parse(readFileSync(0, 'utf8'));
const privateKey = createPrivateKey({ key: Buffer.from(asked.key, 'base64'), format: 'der', type: 'pkcs8' });
const bytes = readFileSync(asked.file);
const requests = [];
let nonce = null;

async function freshNonce() {
  const body = JSON.stringify({ proto: 1, nonce: 'AAAAAAAAAAAAAAAAAAAAAA' });
  const headers = { 'Content-Type': 'application/vnd.fieldsync+json' };
  const answer = await fetch(`${asked.url}/api/v1/sync/nonce`, { method: 'POST', headers, body });
  return (await answer.json()).proof_nonce;
}

function proof(method, path, body) {
  const digest = createHash('sha256').update(body).digest('hex');
  const message = ['fieldsync/1 proof', method, path, nonce, digest].join('\n');
  const sig = sign('sha256', Buffer.from(message), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `Fieldsync log="${asked.log}", nonce="${nonce}", sig="${sig.toString('base64url')}"`;
}

/** The client's own requests, each with a proof; the one whose number is `cut` breaks off in the middle. */
const plain = new DefaultHttpStack({});
const proving = {
  getName: () => 'proving',
  createRequest(method, url) {
    const request = plain.createRequest(method, url);
    const { send } = request;
    request.send = async (body = null) => {
      const whole = body === null ? Buffer.alloc(0) : Buffer.from(body);
      nonce ??= await freshNonce();
      request.setHeader('Authorization', proof(method, new URL(url).pathname, whole));
      if (whole.length > 0 && asked.checksum) {
        request.setHeader('Upload-Checksum', `sha256 ${createHash('sha256').update(whole).digest('base64')}`);
      }
      requests.push(`${method} ${whole.length}`);
      if (requests.length === asked.cut) request.setHeader('Content-Length', `${whole.length}`);
      const answered = send.call(request, requests.length === asked.cut ? whole.subarray(0, whole.length / 2) : body);
      if (requests.length === asked.cut) setTimeout(() => request.getUnderlyingObject().destroy(), 200);
      const answer = await answered;
      nonce = answer.getHeader('fieldsync-nonce') ?? nonce;
      return answer;
    };
    return request;
  },
};

function upload(uploadUrl) {
  return new Promise((resolve, reject) => {
    const one = new Upload(bytes, {
      endpoint: `${asked.url}/api/v1/blobs/${asked.log}`,
      uploadUrl,
      chunkSize: asked.chunk ?? Infinity,
      metadata: { sha256: asked.sha256, type: asked.type },
      httpStack: proving,
      retryDelays: [50, 100, 200],
      ...asked.options,
      onChunkComplete(_size, accepted) {
        if (asked.leave_after !== undefined && accepted >= asked.leave_after && uploadUrl === undefined) {
          void one.abort().then(() => resolve(one.url));
        }
      },
      onSuccess: () => resolve(one.url),
      onError: reject,
    });
    one.start();
  });
}

try {
  let url = await upload(undefined);
  // a person closed the page: another one goes on with the same upload
  if (asked.leave_after !== undefined) url = await upload(url);
  process.stdout.write(JSON.stringify({ url, requests }));
} catch (error) {
  const status = error.originalResponse?.getStatus() ?? null;
  process.stdout.write(JSON.stringify({ error: String(error.message), status, requests }));
}
