export { facts as cloud_asset_inventory } from './cloud-asset-inventory.ts';
