select
    items.*,
    orders.ordered_at,
    products.product_name,
    products.product_price,
    products.is_food_item,
    products.is_drink_item,
    costs.supply_cost
from {{ ref('stg_order_items') }} as items
left join {{ ref('stg_orders') }} as orders
    on items.order_id = orders.order_id
left join {{ ref('stg_products') }} as products
    on items.product_id = products.product_id
left join {{ ref('product_costs') }} as costs
    on items.product_id = costs.product_id
