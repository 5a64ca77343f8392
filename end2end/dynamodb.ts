import type { AppServer } from './server.ts';

// DynamoDB's protocol is JSON over POST. The local engine requires a signature but does not verify it.
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
};

type Item = Record<string, unknown>;

async function call<Output>(app: AppServer, action: string, body: object): Promise<Output> {
  const response = await fetch(app.dynamodbUrl(), {
    method: 'POST',
    headers: { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${action}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${action}: ${response.status} ${await response.text()}`);
  return (await response.json()) as Output;
}

/** Deletes every session on the server, as if all had expired. The browsers keep their cookies. */
export async function endAllSessions(app: AppServer): Promise<void> {
  const table = { TableName: 'mydata-sessions' };
  const { Items: items } = await call<{ Items: Item[] }>(app, 'Scan', { ...table, ConsistentRead: true });
  for (const { pk } of items) await call(app, 'DeleteItem', { ...table, Key: { pk } });
}

interface Table {
  AttributeDefinitions: object[];
  KeySchema: object[];
}

/** Deletes the table of records, so that every read and write fails. Returns a function that creates the table again, empty. */
export async function deleteRecordsTable(app: AppServer): Promise<() => Promise<void>> {
  const name = { TableName: 'mydata-records' };
  const { Table: table } = await call<{ Table: Table }>(app, 'DescribeTable', name);
  await call(app, 'DeleteTable', name);
  return async () => {
    const { AttributeDefinitions, KeySchema } = table;
    await call(app, 'CreateTable', { ...name, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' });
  };
}

/** Every item of both tables, as text, in a fixed order. */
export async function everyItem(app: AppServer): Promise<string[]> {
  const tables = ['mydata-records', 'mydata-sessions'];
  const scans = tables.map((TableName) => call<{ Items: Item[] }>(app, 'Scan', { TableName, ConsistentRead: true }));
  const items = (await Promise.all(scans)).flatMap(({ Items }) => Items);
  return items.map((item) => JSON.stringify(Object.entries(item).sort())).sort();
}
