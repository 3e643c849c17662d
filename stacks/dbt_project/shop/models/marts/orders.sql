with items as (
    select
        order_id,
        sum(supply_cost) as order_cost,
        sum(product_price) as order_items_subtotal,
        count(order_item_id) as count_order_items,
        count_if(is_food_item) as count_food_items,
        count_if(is_drink_item) as count_drink_items
    from {{ ref('order_items') }}
    group by order_id
)

select
    orders.order_id,
    orders.location_id,
    orders.customer_id,
    orders.subtotal,
    orders.tax_paid,
    orders.order_total,
    orders.ordered_at,
    items.order_cost,
    items.order_items_subtotal,
    items.count_order_items,
    items.count_food_items,
    items.count_drink_items,
    items.count_food_items > 0 as is_food_order,
    items.count_drink_items > 0 as is_drink_order,
    row_number() over (
        partition by orders.customer_id
        order by orders.ordered_at
    ) as customer_order_number
from {{ ref('stg_orders') }} as orders
left join items
    on orders.order_id = items.order_id
