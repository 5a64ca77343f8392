import type { AppServer } from './server.ts';

// DynamoDB speaks JSON over POST; the local engine checks no signature, only that there is one.
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  authorization: 'AWS4-HMAC-SHA256 Credential=test/20260101/eu-west-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
  'x-amz-date': '20260101T000000Z',
};

type Item = Record<string, unknown>;

async function call<Answer>(app: AppServer, action: string, body: object): Promise<Answer> {
  const answer = await fetch(app.dynamodbUrl(), {
    method: 'POST',
    headers: { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${action}` },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as Answer;
}

/** Ends every session behind the browsers' backs, as their expiry would. */
export async function endAllSessions(app: AppServer): Promise<void> {
  const table = { TableName: 'mydata-sessions' };
  const { Items: items } = await call<{ Items: Item[] }>(app, 'Scan', { ...table, ConsistentRead: true });
  for (const { pk } of items) await call(app, 'DeleteItem', { ...table, Key: { pk } });
}

interface Table {
  AttributeDefinitions: object[];
  KeySchema: object[];
}

/** Takes the records away, table and all, so that no read or write of them can succeed. Returns what puts an empty table back. */
export async function takeRecordsAway(app: AppServer): Promise<() => Promise<void>> {
  const name = { TableName: 'mydata-records' };
  const { Table: table } = await call<{ Table: Table }>(app, 'DescribeTable', name);
  await call(app, 'DeleteTable', name);
  return async () => {
    const { AttributeDefinitions, KeySchema } = table;
    await call(app, 'CreateTable', { ...name, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' });
  };
}
