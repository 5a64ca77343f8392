import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AppServer } from './server.ts';

/** Stands between a server and the DynamoDB engine of another one, and can cut the server's power at a request. */
export class Cut {
  readonly #server: Server;
  #left = Infinity;
  #atRequest: () => void = () => undefined;

  private constructor(engine: AppServer) {
    this.#server = createServer((incoming, outgoing) => {
      if (this.#left-- === 0) {
        this.#atRequest();
        outgoing.destroy();
        return;
      }
      const target = new URL(engine.dynamodbUrl());
      const headers = { ...incoming.headers, host: target.host };
      const passed = request(target, { method: incoming.method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on('error', () => outgoing.destroy());
      incoming.pipe(passed);
    });
  }

  static async before(engine: AppServer): Promise<Cut> {
    const cut = new Cut(engine);
    await new Promise<void>((resolve) => cut.#server.listen(0, '127.0.0.1', resolve));
    return cut;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Runs `work`, and kills `app` when it sends its next request after `requests` others. False if it sends no more than those. */
  async during(requests: number, app: AppServer, work: () => Promise<unknown>): Promise<boolean> {
    let killed: Promise<void> | undefined;
    this.#left = requests;
    this.#atRequest = () => (killed = app.kill());
    const outcome = await work().then(
      () => undefined,
      (error: unknown) => error,
    );
    this.#left = Infinity;
    await killed;
    if (outcome && !killed) throw outcome;
    return killed !== undefined;
  }

  close(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }
}
