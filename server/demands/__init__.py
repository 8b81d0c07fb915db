"""Service plans as data: the demands, the templates that schedule them, and making a site from one."""
