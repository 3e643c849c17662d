create or replace table analytics.marts.order_items as
with costs as (
    select
        product_id,
        sum(supply_cost) as supply_cost
    from analytics.staging.stg_supplies
    group by product_id
)

select
    items.order_item_id,
    items.order_id,
    items.product_id,
    orders.ordered_at,
    products.product_name,
    products.product_price,
    products.is_food_item,
    products.is_drink_item,
    costs.supply_cost
from analytics.staging.stg_order_items as items
left join analytics.staging.stg_orders as orders
    on items.order_id = orders.order_id
left join analytics.staging.stg_products as products
    on items.product_id = products.product_id
left join costs
    on items.product_id = costs.product_id;
