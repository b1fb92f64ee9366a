import { describe, expect, test } from '@jest/globals';
import { mailFaults } from '../../../src/report/render/mail-lint.js';

const mail = (body: string, style = ''): string =>
  `<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><style>${style}</style></head><body style="margin:0">${body}</body></html>`;

const messages = (html: string): readonly string[] => mailFaults(html).map(({ message }) => message);

const table = '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">';

describe('a mail', () => {
  test.each([
    ['<p style="margin:0;color:#1f2a35">text &amp; more</p>', 'plain text'],
    [`${table}<tr><td style="padding:4px 8px">cell</td></tr></table>`, 'a layout of tables'],
    ['<img src="cid:chart" width="552" height="190" alt="what it says">', 'a picture that comes with it'],
    ['<a href="https://slo.example/services/a/b/c" style="color:#1d5f96">link</a>', 'a link'],
    [
      '<!--[if mso]><table><tr><td><![endif]--><p>text</p><!--[if mso]></td></tr></table><![endif]-->',
      'words to Outlook',
    ],
  ])('is fine with %s (%s)', (body) => {
    expect(messages(mail(body))).toEqual([]);
  });

  test.each([
    ['<script>alert(1)</script>', '<script> is dropped or not understood'],
    ['<svg width="1"></svg>', '<svg> is dropped or not understood'],
    ['<p onclick="x()">text</p>', 'onclick is script'],
    ['<p style="display:flex">text</p>', 'display flex is not understood everywhere'],
    ['<p style="position:absolute">text</p>', 'style position is not understood everywhere'],
    ['<p style="margin:-4px 0 0">text</p>', 'margin: Outlook takes no negative -4px 0 0'],
    ['<p style="padding:1rem">text</p>', 'padding: Outlook knows no unit of 1rem'],
    ['<p style="color:rgb(0,0,0)">text</p>', 'color: Outlook knows no rgb(0,0,0)'],
    ['<p style="color:var(--ink)">text</p>', 'color: Outlook knows no var(--ink)'],
    ['<p style="background-color:url(https://x.example/y.png)">text</p>', 'background-color loads from elsewhere'],
    ['<img src="https://x.example/y.png" width="1" height="1" alt="">', 'src loads from elsewhere'],
    ['<img src="cid:a" width="1" height="1">', '<img> has no alt'],
    ['<a href="javascript:alert(1)">x</a>', 'a link to javascript:alert(1) leads nowhere in a mail'],
    ['<table width="1" cellpadding="0" cellspacing="0" border="0"></table>', '<table> says not what it is'],
    ['<table role="presentation" width="1" cellpadding="0" border="0"></table>', '<table> has no cellspacing'],
    ['<p>text</b></p>', '</b> closes something else'],
    ['<p>a < b</p>', '< is neither escaped nor a tag of the form that is read here'],
    ["<p class='x'>text</p>", '< is neither escaped nor a tag of the form that is read here'],
  ])('is faulty with %s', (body, message) => {
    expect(messages(mail(body))).toContain(message);
  });

  test.each([
    ['.tx { color: #ffffff !important; }', []],
    ['@media (prefers-color-scheme: dark) { .tx { color: #ffffff !important; } }', []],
    ['@media (hover) { .tx { color: #fff; } }', ['@media (hover) is not understood everywhere']],
    ['@import "x.css";', ['the style block loads from elsewhere', '@import "x.css"; is not understood everywhere']],
    ['td[class=x] { color: #ffffff; }', ['selector td[class=x] is not understood everywhere']],
    [`.x { color: #ffffff; }${' '.repeat(8200)}`, ['the style block is longer than 8192 characters']],
  ])('has a style block: %s', (style, faults) => {
    expect(messages(mail('<p>text</p>', style))).toEqual(faults);
  });

  test('is cut off where it is too long', () => {
    expect(messages(mail(`<p>${'x'.repeat(102_400)}</p>`))).toEqual([
      expect.stringMatching(/^\d+ bytes: Gmail cuts off what is beyond 102400$/),
    ]);
  });

  test('must be closed, and begin with its type', () => {
    expect(messages('<html><body><p>text</p>')).toEqual([
      'without a doctype, widths differ between clients',
      'html, body not closed',
    ]);
  });
});
