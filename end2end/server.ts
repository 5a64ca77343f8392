import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** The server under test, with the local profile. `make test` names a copy that no other build overwrites. */
export const BINARY = resolve(ROOT, process.env.MYDATA_TEST_SERVER ?? join(process.env.CARGO_TARGET_DIR ?? 'target', 'debug', 'server'));
const START_TIMEOUT_MS = 30_000;

const children = new Set<ChildProcess>();
// A worker that stops in the middle of a test kills its servers.
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));

/** A My Data server with its stand-ins. It keeps its data folder and its port when it restarts. */
export class AppServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'my-data-'));
  #port = 0;
  #variables: NodeJS.ProcessEnv = {};
  #child: ChildProcess | undefined;
  /** The server's output: one entry for each start, the latest last. */
  #logs: string[] = [];

  /** Starts a server on a free port. `variables` are added to its environment. */
  static async launch(variables: NodeJS.ProcessEnv = {}): Promise<AppServer> {
    const server = new AppServer();
    server.#variables = variables;
    // Another program may take the port before the server listens on it.
    for (let attempt = 1; ; attempt++) {
      server.#port = await freePort();
      try {
        await server.start();
        return server;
      } catch (error) {
        if (attempt === 3) {
          await server.remove();
          throw error;
        }
      }
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Starts the server and waits until it is ready. It keeps the data from before a `kill`. */
  async start(): Promise<void> {
    const child = spawn(BINARY, { cwd: this.#folder, env: this.#environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const index = this.#logs.push('') - 1;
    const append = (text: unknown) => (this.#logs[index] += String(text));
    child.stdout.on('data', append);
    child.stderr.on('data', append);
    child.on('error', append);
    child.on('exit', () => children.delete(child));
    children.add(child);
    this.#child = child;

    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await this.#isReady())) {
      const ended = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
      if (ended || Date.now() > deadline) {
        await this.kill();
        throw new Error(`${BINARY} ${ended ? 'ended before it was ready' : 'was not ready in time'}:\n${this.log()}`);
      }
      await sleep(50);
    }
  }

  /** Kills the server without a clean shutdown, like a power cut. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  /** Kills the server and deletes its data. */
  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The server's output, without colours. */
  log(): string {
    return this.#logs.map(withoutColours).join('\n--- restarted ---\n');
  }

  /** Turns a fault of the user pool stand-in on, in place of any other; `undefined` turns it off. */
  async setFault(name: string | undefined): Promise<void> {
    await setFaultAt(this.#address(/user pool\s+(http:\/\/[^\s/]+)/), name);
  }

  /** Turns a fault of the AWS stand-in on, in place of any other; `undefined` turns it off. */
  async setAwsFault(name: string | undefined): Promise<void> {
    await setFaultAt(this.#address(/AWS\s+(http:\/\/\S+)/), name);
  }

  /** The address of the DynamoDB engine. */
  dynamodbUrl(): string {
    return this.#address(/DynamoDB\s+(http:\/\/\S+)/);
  }

  /** An address in the latest banner: the ports can change with each start. */
  #address(line: RegExp): string {
    const banner = withoutColours(this.#logs.at(-1) ?? '');
    const url = line.exec(banner)?.[1];
    if (!url) throw new Error(`the server did not print an address of this form: ${line}\n${banner}`);
    return url;
  }

  #environment(): NodeJS.ProcessEnv {
    // This machine's settings for the project and for AWS must not affect the tests.
    const inherited = Object.entries(process.env).filter(([name]) => !/^(MYDATA_|LEPTOS_|AWS_|FORCE_COLOR$)/.test(name));
    return {
      ...Object.fromEntries(inherited),
      NO_COLOR: '1',
      MYDATA_LISTEN: `127.0.0.1:${this.#port}`,
      MYDATA_LOCAL_DATA_DIR: join(this.#folder, 'data'),
      MYDATA_SITE_ROOT: join(ROOT, 'target', 'site'),
      ...this.#variables,
    };
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) })).status === 200;
    } catch {
      return false;
    }
  }
}

/** A free port on loopback. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

async function setFaultAt(url: string, name: string | undefined): Promise<void> {
  const request = name === undefined ? fetch(`${url}/faults`, { method: 'DELETE' }) : fetch(`${url}/faults/${name}`, { method: 'PUT' });
  if (!(await request).ok) throw new Error(`no fault has the name ${name}`);
}

function withoutColours(text: string): string {
  return text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '');
}
