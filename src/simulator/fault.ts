import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** What a target can do wrong on purpose. */
export type Fault = AnswerFault | TextFault | 'refuse';

/** Answers that are no statistics at all. */
type AnswerFault =
  | 'hang'
  | 'error-500'
  | 'truncated'
  | 'endless'
  | 'gzip-bomb'
  | 'binary'
  | 'empty'
  | 'slow-drip'
  | 'wrong-content-type';

/** Answers in which only some lines are wrong. */
type TextFault =
  | 'duplicate-series'
  | 'not-a-number'
  | 'infinite'
  | 'negative'
  | 'warming-clusters'
  | 'hot-restarted'
  | 'certificate-ending';

/** 64 MiB of one character in 64 KiB. */
let bomb: Buffer | undefined;

/** Changes the lines of an otherwise right answer. */
export function spoilText(fault: Fault, text: string): string {
  switch (fault) {
    case 'duplicate-series':
      return text.replace(/^(istio_requests_total\{.*)$/gm, '$1\n$1');
    case 'not-a-number':
      return text.replace(/^(istio_requests_total\{.*\}) .*$/gm, '$1 NaN');
    case 'infinite':
      return text.replace(/^(istio_requests_total\{.*\}) .*$/gm, '$1 +Inf');
    case 'negative':
      return text.replace(/^(istio_requests_total\{.*\}) (.*)$/gm, '$1 -$2');
    case 'warming-clusters':
      return text.replace(/^(envoy_cluster_manager_warming_clusters\{\}) .*$/m, '$1 2');
    case 'hot-restarted':
      return text.replace(/^(envoy_server_hot_restart_epoch\{\}) .*$/m, '$1 3');
    case 'certificate-ending':
      return [
        `${text}# TYPE istio_agent_cert_expiry_seconds gauge`,
        'istio_agent_cert_expiry_seconds{resource_name="default"} 600',
        '# TYPE istio_agent_num_failed_outgoing_requests counter',
        'istio_agent_num_failed_outgoing_requests{request_type="csr"} 3\n',
      ].join('\n');
    default:
      return text;
  }
}

/** Answers wrongly; false when the fault leaves the answer to others. */
export function answerWrongly(fault: Fault, response: ServerResponse, text: string): boolean {
  const plain = { 'content-type': 'text/plain; charset=UTF-8' };
  switch (fault) {
    case 'hang':
      return true;
    case 'error-500':
      response.writeHead(500, plain).end('upstream connect error or disconnect/reset before headers');
      return true;
    case 'truncated': {
      const half = text.slice(0, Math.ceil(text.length / 2));
      response.writeHead(200, { ...plain, 'content-length': Buffer.byteLength(text) + 1 });
      response.write(half, () => response.destroy());
      return true;
    }
    case 'endless':
      response.writeHead(200, plain);
      writeWithoutEnd(response);
      return true;
    case 'gzip-bomb':
      bomb ??= gzipSync(Buffer.alloc(64 * 1024 * 1024, '#'));
      response.writeHead(200, { ...plain, 'content-encoding': 'gzip' }).end(bomb);
      return true;
    case 'binary':
      response.writeHead(200, plain).end(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 151) % 256)));
      return true;
    case 'empty':
      response.writeHead(200, plain).end();
      return true;
    case 'slow-drip':
      response.writeHead(200, plain);
      drip(response, text);
      return true;
    case 'wrong-content-type':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Sign in</body></html>');
      return true;
    default:
      return false;
  }
}

function writeWithoutEnd(response: ServerResponse): void {
  const comment = `# ${'x'.repeat(16_382)}\n`;
  const go = (): void => {
    while (!response.destroyed && response.write(comment));
  };
  response.on('drain', go);
  go();
}

function drip(response: ServerResponse, text: string): void {
  let at = 0;
  const timer = setInterval(() => {
    if (at >= text.length) response.end();
    else response.write(text.slice(at, (at += 16)));
  }, 100);
  response.on('close', () => clearInterval(timer));
}
