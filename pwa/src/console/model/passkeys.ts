/** Passkeys in the browser. The server's options and the browser's answers travel as JSON, bytes as base64url. */
import { Problem } from '../api';

type Described = { id: string; type: 'public-key'; transports?: AuthenticatorTransport[] };
/** What the server asks for, as WebAuthn's JSON has it. */
export type AskedOptions = {
  challenge: string;
  rpId?: string;
  rp?: PublicKeyCredentialRpEntity;
  pubKeyCredParams?: PublicKeyCredentialParameters[];
  user?: { id: string; name: string; displayName: string };
  allowCredentials?: Described[];
  excludeCredentials?: Described[];
};

/** Whether this browser knows passkeys here: it does on https and on localhost. */
export function canPasskeys(): boolean {
  return typeof PublicKeyCredential === 'function';
}

function toBytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return Uint8Array.from(plain, (c) => c.charCodeAt(0));
}

function toText(bytes: ArrayBuffer | null): string | undefined {
  if (bytes === null) return undefined;
  let plain = '';
  for (const byte of new Uint8Array(bytes)) plain += String.fromCharCode(byte);
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

const described = (list: readonly Described[] = []) => list.map((one) => ({ ...one, id: toBytes(one.id) }));

async function finished<T extends Credential>(asked: Promise<Credential | null>): Promise<T> {
  try {
    const credential = await asked;
    if (credential) return credential as T;
  } catch {
    // the person closed the browser's window, or has no passkey here: the browser does not say which
  }
  throw new Problem('passkey-off', 0);
}

/** Make a passkey. @throws Problem `passkey-off` when the person or the browser did not */
export async function makePasskey(options: AskedOptions): Promise<unknown> {
  const { user, challenge, excludeCredentials, ...rest } = options;
  const publicKey = {
    ...rest,
    challenge: toBytes(challenge),
    user: { ...user, id: toBytes(user?.id ?? '') },
    excludeCredentials: described(excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions;
  const made = await finished<PublicKeyCredential>(navigator.credentials.create({ publicKey }));
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    id: made.id,
    rawId: made.id,
    type: made.type,
    clientExtensionResults: {},
    response: { clientDataJSON: toText(response.clientDataJSON), attestationObject: toText(response.attestationObject) },
  };
}

/** Have a passkey sign. @throws Problem `passkey-off` when the person or the browser did not */
export async function usePasskey(options: AskedOptions): Promise<unknown> {
  const { challenge, allowCredentials, ...rest } = options;
  const publicKey = { ...rest, challenge: toBytes(challenge), allowCredentials: described(allowCredentials) } as PublicKeyCredentialRequestOptions;
  const used = await finished<PublicKeyCredential>(navigator.credentials.get({ publicKey }));
  const response = used.response as AuthenticatorAssertionResponse;
  return {
    id: used.id,
    rawId: used.id,
    type: used.type,
    clientExtensionResults: {},
    response: {
      clientDataJSON: toText(response.clientDataJSON),
      authenticatorData: toText(response.authenticatorData),
      signature: toText(response.signature),
      userHandle: toText(response.userHandle),
    },
  };
}
