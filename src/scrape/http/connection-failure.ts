import { Failure } from '../../domain/failure.js';

/** What a broken connection means; the message names the failure, never what was sent. */
export function connectionFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (/wrong version number|packet length too long/i.test(message)) {
    return new Failure('target-unreachable', 'it does not speak TLS', { hint: 'Set scheme: http for this job.' });
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return new Failure('target-untrusted', 'its certificate is for another name', {
      hint: 'Set tls.server_name to the name in the certificate.',
    });
  }
  if (isAboutTrust(code, message)) return new Failure('target-untrusted', `no trust: ${trustTrouble[code] ?? message}`);
  return new Failure('target-unreachable', reasons[code] ?? (code || 'the connection broke'));
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'its name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to its network',
  ETIMEDOUT: 'no answer to the connection',
  UND_ERR_CONNECT_TIMEOUT: 'no answer to the connection',
  UND_ERR_SOCKET: 'the connection was closed before a whole answer',
};

const trustTrouble: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an unknown authority',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes from an unknown authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate comes from an unknown authority',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it asks for a client certificate',
  ERR_SSL_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it asks for a client certificate',
};

/** Node names most troubles of TLS by a code of their own, and alerts of the other side sometimes only by their text. */
function isAboutTrust(code: string, message: string): boolean {
  if (code === 'EPROTO') return message.includes('alert');
  return code in trustTrouble || /^(ERR_SSL_|ERR_TLS_|CERT_|UNABLE_TO_)/.test(code);
}
