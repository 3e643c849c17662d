create or replace view analytics.staging.stg_customers as
select
    id as customer_id,
    name as customer_name
from raw.public.customers;
