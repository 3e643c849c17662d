{{ config(materialized='ephemeral') }}
select
    product_id,
    sum(supply_cost) as supply_cost
from {{ ref('stg_supplies') }}
group by product_id
