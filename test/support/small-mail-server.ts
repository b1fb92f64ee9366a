import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** A mail as it came over the wire. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** Headers and body. */
  readonly text: string;
}

/** As much of SMTP as it takes to be sent mail, on a port of its own. @see https://www.rfc-editor.org/rfc/rfc5321 */
export class SmallMailServer {
  readonly mails: ReceivedMail[] = [];
  readonly #server: Server = createServer((socket) => this.#converse(socket));
  readonly #sockets = new Set<Socket>();

  static async start(): Promise<SmallMailServer> {
    const server = new SmallMailServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** `host:port`. */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #converse(socket: Socket): void {
    this.#sockets.add(socket);
    let unread = '';
    let mail: { from: string; to: string[]; lines: string[] | undefined } = { from: '', to: [], lines: undefined };
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    const hear = (line: string): void => {
      if (mail.lines === undefined) {
        const [, command = '', rest = ''] = /^(\w+)(?: (?:\w+:)?<?([^>]*)>?.*)?$/.exec(line) ?? [];
        if (command === 'MAIL') mail.from = rest;
        if (command === 'RCPT') mail.to.push(rest);
        if (command === 'DATA') mail.lines = [];
        say(command === 'DATA' ? '354 go on' : command === 'QUIT' ? '221 bye' : '250 ok');
      } else if (line === '.') {
        this.mails.push({ from: mail.from, to: mail.to, text: mail.lines.join('\n') });
        mail = { from: '', to: [], lines: undefined };
        say('250 taken');
      } else {
        mail.lines.push(line.replace(/^\.\./, '.'));
      }
    };
    socket.setEncoding('utf8').on('data', (text) => {
      const lines = (unread + String(text)).split('\r\n');
      unread = lines.pop()!;
      lines.forEach(hear);
    });
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
    say('220 small mail server');
  }
}
