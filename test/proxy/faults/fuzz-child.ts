import { ask } from '../../../source/proxy/ask/run.ts';
import { AskSession } from '../../../source/proxy/ask/session.ts';
import { checkContent } from '../../../source/proxy/fault/content.ts';

/** Asked is what one request came to, by a process of its own. */
export type Asked = {
  readonly url: string;
  readonly came: string;
  readonly durationMs: number;
  /** grownBytes is how much the memory of the process grew above that before the request, at most. */
  readonly grownBytes: number;
};

// Asks the URLs of the command line one after the other and prints an Asked for each; the first says how, as JSON.
const [settings = '{}', ...urls] = process.argv.slice(2);
const { timeoutMs, maxBytes, environment, proxies = [] } = JSON.parse(settings);
const session = new AskSession();
const context = { environment: { ...process.env, ...environment }, timeoutMs, maxBytes, session };
// What is loaded and made once does not count.
await session.context(context.environment);
await ask('https://127.0.0.1:1/', context);
await ask('http://127.0.0.1:1/', context);
let most = 0;
const look = setInterval(() => {
  most = Math.max(most, process.memoryUsage().rss);
}, 5);
for (const [index, url] of urls.entries()) {
  const proxy: unknown = proxies[index];
  const through = typeof proxy === 'string' ? { HTTPS_PROXY: proxy } : {};
  const before = process.memoryUsage().rss;
  most = before;
  const answer = await ask(url, { ...context, environment: { ...context.environment, ...through } });
  const fault = checkContent(answer, { kind: 'info', version: 'v1.0.0' });
  most = Math.max(most, process.memoryUsage().rss);
  const { durationMs } = answer;
  const came = fault === undefined ? 'fine' : `${fault.code}: ${fault.detail}`;
  const asked: Asked = { url, came, durationMs, grownBytes: most - before };
  console.log(JSON.stringify(asked));
}
clearInterval(look);
