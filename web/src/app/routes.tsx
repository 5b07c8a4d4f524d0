import type { ComponentType } from 'react';
import type { IconName } from '@/components/icons';
import type { ProductRole } from '@/gql/schema';

export interface PageEntry {
  path: string;
  /** In the navigation and the command palette. */
  title: string;
  /** The module's export `Component` is the page. */
  lazy: () => Promise<{ Component: ComponentType }>;
  /** Where it is in the navigation; left out = not in it. */
  nav?: { group: NavGroup; icon: IconName };
  /** The lowest role that it is of use to. The server decides what it answers; this hides what it would refuse. */
  role?: ProductRole;
}

/** The groups of the navigation, in order. */
export const navGroups = ['', 'Entities', 'Explore', 'Configure'] as const;
export type NavGroup = (typeof navGroups)[number];

/** Every page, one line each, in the order of the navigation. */
export const pages: PageEntry[] = [
  { path: '/', title: 'Summary', nav: { group: '', icon: 'summary' }, lazy: () => import('@/pages/summary') },
  { path: '/applications', title: 'Applications', nav: { group: 'Entities', icon: 'apps' }, lazy: () => import('@/pages/applications'), role: 'RISK_MANAGER' },
  { path: '/identities', title: 'Identities', nav: { group: 'Entities', icon: 'identity' }, lazy: () => import('@/pages/identities') },
  { path: '/connections', title: 'Connections', nav: { group: 'Entities', icon: 'connection' }, lazy: () => import('@/pages/connections') },
  { path: '/resources', title: 'Resources', nav: { group: 'Entities', icon: 'resource' }, lazy: () => import('@/pages/resources') },
  { path: '/employees', title: 'Employees', nav: { group: 'Entities', icon: 'employee' }, lazy: () => import('@/pages/employees'), role: 'RISK_MANAGER' },
  { path: '/graph', title: 'Access graph', nav: { group: 'Explore', icon: 'graph' }, lazy: () => import('@/pages/graph') },
  { path: '/filters', title: 'Filter builder', nav: { group: 'Explore', icon: 'filter' }, lazy: () => import('@/pages/filters') },
  { path: '/saved-filters', title: 'Saved filters', nav: { group: 'Configure', icon: 'star' }, lazy: () => import('@/pages/saved-filters') },
  { path: '/entities/:id', title: 'Entity', lazy: () => import('@/pages/entity') },
  { path: '/integrations/:id', title: 'Integration', lazy: () => import('@/pages/integration'), role: 'RISK_MANAGER' },
  { path: '/employees/:id', title: 'Employee', lazy: () => import('@/pages/employee'), role: 'RISK_MANAGER' },
  { path: '/compare', title: 'Compare', nav: { group: 'Explore', icon: 'compare' }, lazy: () => import('@/pages/compare'), role: 'RISK_MANAGER' },
  { path: '/query', title: 'Query', nav: { group: 'Explore', icon: 'query' }, lazy: () => import('@/pages/query') },
  { path: '/import', title: 'Import', nav: { group: 'Configure', icon: 'upload' }, lazy: () => import('@/pages/import'), role: 'ADMINISTRATOR' },
  { path: '/jobs', title: 'Jobs', nav: { group: 'Configure', icon: 'jobs' }, lazy: () => import('@/pages/jobs') },
  { path: '/settings', title: 'Settings', nav: { group: 'Configure', icon: 'settings' }, lazy: () => import('@/pages/settings') },
];
