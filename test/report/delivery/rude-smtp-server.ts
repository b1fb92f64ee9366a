import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Steps of a conversation at which a server can do what it likes. `message`: after the final dot. */
export type SmtpStep = 'greeting' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'message';

/**
 * What it does at a step instead of agreeing: a reply (lines without line ends), `hang`, `drop` (closes the connection),
 * `reset` (tears it down), a reply in pieces of one byte, or one that never ends.
 */
export type Rudeness = string | { readonly inPieces: string } | { readonly endlessly: string };

const usual: Readonly<Record<SmtpStep, string>> = {
  greeting: '220 rude.example ESMTP',
  EHLO: '250-rude.example\r\n250-AUTH PLAIN\r\n250 8BITMIME',
  AUTH: '235 welcome',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
  message: '250 taken',
};

/** A mail that it has read to its final dot, whatever it said then. */
export interface TakenMail {
  readonly to: string;
  readonly text: string;
}

/** As much of SMTP as it takes to fail in every way that is documented, on a raw socket. @see https://www.rfc-editor.org/rfc/rfc5321 */
export class RudeSmtpServer {
  /** By recipient, or for everybody under `*`. What is not said goes well. */
  rudeness: Partial<Record<SmtpStep, Rudeness | ((recipient: string) => Rudeness | undefined)>> = {};
  readonly mails: TakenMail[] = [];
  connections = 0;
  readonly #server: Server = createServer((socket) => this.#converse(socket));
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<RudeSmtpServer> {
    const server = new RudeSmtpServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #converse(socket: Socket): void {
    this.connections += 1;
    this.#sockets.add(socket);
    let recipient = '';
    let lines: string[] | undefined;
    let unread = '';
    const answer = (step: SmtpStep): void => this.#answer(socket, step, recipient);
    const hear = (line: string): void => {
      if (lines !== undefined) {
        if (line !== '.') return void lines.push(line.replace(/^\.\./, '.'));
        this.mails.push({ to: recipient, text: lines.join('\r\n') });
        lines = undefined;
        answer('message');
        return;
      }
      const command = line.slice(0, 4).toUpperCase();
      if (command === 'RCPT') recipient = /<([^>]*)>/.exec(line)?.[1] ?? '';
      if (command === 'DATA' && this.#rudeness('DATA', recipient) === undefined) lines = [];
      if (command in usual) answer(command as SmtpStep);
      else socket.write(/^(RSET|NOOP|HELO|QUIT)$/.test(command) ? '250 ok\r\n' : '502 what?\r\n');
    };
    socket.setEncoding('utf8').on('data', (text) => {
      const parts = (unread + String(text)).split('\r\n');
      unread = parts.pop()!;
      parts.forEach(hear);
    });
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
    answer('greeting');
  }

  #rudeness(step: SmtpStep, recipient: string): Rudeness | undefined {
    const said = this.rudeness[step];
    return typeof said === 'function' ? said(recipient) : said;
  }

  #answer(socket: Socket, step: SmtpStep, recipient: string): void {
    const rudeness = this.#rudeness(step, recipient) ?? usual[step];
    if (rudeness === 'hang') return;
    if (rudeness === 'drop') return void socket.end();
    if (rudeness === 'reset') return void socket.resetAndDestroy();
    if (typeof rudeness === 'string') return void socket.write(`${rudeness}\r\n`);
    if ('endlessly' in rudeness) {
      const timer = setInterval(() => socket.write(`${rudeness.endlessly}\r\n`), 20);
      socket.on('close', () => clearInterval(timer));
      return;
    }
    const bytes = Array.from(`${rudeness.inPieces}\r\n`);
    const next = (): void => {
      const byte = bytes.shift();
      if (byte === undefined || socket.destroyed) return;
      socket.write(byte);
      setImmediate(next);
    };
    next();
  }
}
