export { Sidebar } from './Sidebar';
export * from './useSidebar';
