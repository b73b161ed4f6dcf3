import {
  Function as EdgeFunction,
  FunctionCode,
  FunctionRuntime,
} from 'aws-cdk-lib/aws-cloudfront';
import type { Construct } from 'constructs';
import { changePassword, notFoundFile, pageFiles } from '../../portal/paths.ts';
import { edgeName } from './edge-name.ts';
import { notFoundPage, type PortalBuild, problemCodes, rootFiles } from './portal-build.ts';
import { portalCaching, portalHeaders } from './portal-files.ts';

/**
 * Rewrites a path before CloudFront asks the bucket. Every page of the portal has an HTML file. A path that is neither
 * page nor file gets the page for that, with a 404. CloudFront's own error pages would also replace the API's answers.
 */
export const portalPages = (scope: Construct, id: string, build: PortalBuild): EdgeFunction =>
  new EdgeFunction(scope, id, {
    functionName: edgeName(scope, 'pages'),
    comment: 'Hawiya: pages of the portal',
    runtime: FunctionRuntime.JS_2_0,
    code: FunctionCode.fromInline(pagesCode(build)),
  });

/** The function's source. CloudFront allows 10 KB at most. */
export function pagesCode(build: PortalBuild): string {
  const pages = JSON.stringify(Object.fromEntries(pageFiles));
  const files = JSON.stringify(['/config.json', ...rootFiles(build)]);
  return `const pages = ${pages};
const files = ${files};
const problems = ${JSON.stringify(problemCodes(build).map((code) => `/problems/${code}`))};
const notFound = ${JSON.stringify(notFound(build))};
const toReference = ${JSON.stringify(toReference)};
const toPassword = ${JSON.stringify(toPassword)};
function handler(event) {
  const request = event.request;
  if (request.uri === '/reference') return toReference;
  if (request.uri.startsWith('/reference/')) {
    if (request.uri === '/reference/') request.uri = '/reference/index.html';
    return request;
  }
  if (request.uri === ${JSON.stringify(changePassword.from)}) return toPassword;
  const path = request.uri.replace(/(.)\\/+$/, '$1');
  if (path === '/problems') request.uri = '/problems/index.html';
  else if (problems.includes(path)) request.uri = path + '.html';
  if (request.uri.startsWith('/problems/') && request.uri.includes('.')) return request;
  if (files.includes(path)) return request;
  if (!Object.keys(pages).includes(path)) return notFound;
  request.uri = pages[path];
  return request;
}
`;
}

/**
 * Has all its headers: it is not documented whether CloudFront adds those of a policy to an answer that a function
 * makes.
 */
const notFound = (build: PortalBuild) => ({
  statusCode: 404,
  statusDescription: 'Not Found',
  headers: valuesOf({
    ...portalHeaders(),
    'cache-control': portalCaching(`/${notFoundFile}`),
    'content-type': 'text/html; charset=utf-8',
  }),
  body: { encoding: 'text', data: notFoundPage(build) },
});

const toReference = {
  statusCode: 308,
  statusDescription: 'Permanent Redirect',
  headers: valuesOf({ location: '/reference/', 'cache-control': 'no-cache' }),
};

/** 302 as the standard wants it: the page may move. */
const toPassword = {
  statusCode: 302,
  statusDescription: 'Found',
  headers: valuesOf({ location: changePassword.to, 'cache-control': 'no-cache' }),
};

function valuesOf(headers: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, { value }]));
}
