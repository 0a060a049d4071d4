// PouchDB's server (express-pouchdb over LevelDB) with the records in it: `node pouch_server.mjs FOLDER RECORDS`. The first line
// it prints is its address.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const [folder, file] = process.argv.slice(2);
const Pouch = require('pouchdb').defaults({ prefix: `${folder}/` });
const app = require('express-pouchdb')(Pouch, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: `${folder}/log` });
const db = new Pouch('records');
const lines = readFileSync(file, 'utf8').trim().split('\n');
for (let from = 0; from < lines.length; from += 2000) {
  await db.bulkDocs(lines.slice(from, from + 2000).map((line) => {
    const record = JSON.parse(line);
    return { record, _id: record.id };
  }));
}

const server = createServer((request, answer) => {
  // The page is of another origin.
  answer.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
  answer.setHeader('access-control-allow-credentials', 'true');
  answer.setHeader('access-control-allow-headers', 'content-type, accept, authorization');
  answer.setHeader('access-control-allow-methods', 'GET, HEAD, POST, PUT, DELETE');
  answer.setHeader('cross-origin-resource-policy', 'cross-origin');
  if (request.method === 'OPTIONS') return answer.writeHead(204).end();
  return app(request, answer);
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
