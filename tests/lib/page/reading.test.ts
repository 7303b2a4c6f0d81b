// The order of a page, over the borders of shadow roots.
import { afterEach, describe, expect, test } from 'vitest';
import { isBefore } from '#lib/page/reading.ts';

afterEach(() => document.body.replaceChildren());

describe('the order of a page', () => {
  test('is that of its elements; a parent stands before its children, a root before what its host holds', () => {
    document.body.innerHTML = '<p id="a"><b id="b"></b></p><div id="host"><i id="light"></i></div><p id="c"></p>';
    const root = document.querySelector('#host')?.attachShadow({ mode: 'open' });
    if (!root) throw new Error('no root');
    root.innerHTML = '<p id="shadow"></p>';
    const names = ['#a', '#b', '#host', '#shadow', '#light', '#c'];
    const nodes = names.map((name) => document.querySelector(name) ?? root.querySelector(name) ?? document.body);
    const compared = nodes.map((one) => nodes.map((other) => isBefore(one, other)));
    expect(compared).toEqual(nodes.map((_, first) => nodes.map((__, second) => first < second)));
  });
});
