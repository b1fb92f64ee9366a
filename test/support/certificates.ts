import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Authorities and certificates of two days, made by openssl in a folder: `<name>.crt` and `<name>.key`. */
export class Certificates {
  readonly #openssl: string;
  readonly #folder: string;

  constructor(openssl: string, folder: string) {
    this.#openssl = openssl;
    this.#folder = folder;
  }

  file(name: string): string {
    return join(this.#folder, name);
  }

  makeAuthority(name: string): void {
    const subject = ['-subj', `/CN=${name}`, '-days', '2'];
    const out = ['-keyout', this.file(`${name}.key`), '-out', this.file(`${name}.crt`)];
    this.#run(['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...subject, ...out]);
  }

  makeCertificate(name: string, authority: string, commonName: string): void {
    const file = (suffix: string): string => this.file(`${name}.${suffix}`);
    writeFileSync(file('ext'), `subjectAltName=DNS:${commonName}\n`);
    const request = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', `/CN=${commonName}`];
    this.#run(['req', ...request, '-keyout', file('key'), '-out', file('csr')]);
    const issuer = ['-CA', this.file(`${authority}.crt`), '-CAkey', this.file(`${authority}.key`), '-CAcreateserial'];
    this.#run([
      'x509',
      '-req',
      ...issuer,
      '-in',
      file('csr'),
      '-extfile',
      file('ext'),
      '-days',
      '2',
      '-out',
      file('crt'),
    ]);
  }

  #run(args: readonly string[]): void {
    execFileSync(this.#openssl, args, { stdio: 'ignore' });
  }
}
