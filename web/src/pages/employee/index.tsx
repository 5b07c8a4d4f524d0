export { EmployeePage as Component } from './EmployeePage';
