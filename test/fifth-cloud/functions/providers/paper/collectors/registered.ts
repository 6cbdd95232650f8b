export { facts as paper_sheet } from './paper-sheet.ts';
