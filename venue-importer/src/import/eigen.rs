//! Eigenvalues and vectors of small symmetric matrices.

/// Sweeps over all pairs; each squares what is left beside the diagonal.
const SWEEPS: usize = 30;

/// Eigenvalues, the largest first, with unit eigenvectors, by Jacobi's rotations (1846; Golub and Van Loan, § 8.5).
pub(super) fn eigen<const N: usize>(mut matrix: [[f64; N]; N]) -> ([f64; N], [[f64; N]; N]) {
    // Row i is the vector that becomes the i-th.
    let mut vectors: [[f64; N]; N] =
        std::array::from_fn(|i| std::array::from_fn(|j| f64::from(u8::from(i == j))));
    for _ in 0..SWEEPS {
        for p in 0..N {
            for q in p + 1..N {
                rotate(&mut matrix, &mut vectors, p, q);
            }
        }
    }
    let mut order: [usize; N] = std::array::from_fn(|i| i);
    order.sort_by(|&a, &b| matrix[b][b].total_cmp(&matrix[a][a]));
    (order.map(|i| matrix[i][i]), order.map(|i| vectors[i]))
}

/// Makes the entry beside the diagonal zero.
fn rotate<const N: usize>(matrix: &mut [[f64; N]; N], vectors: &mut [[f64; N]; N], p: usize, q: usize) {
    let entry = matrix[p][q];
    if entry == 0.0 {
        return;
    }
    let half = (matrix[q][q] - matrix[p][p]) / (2.0 * entry);
    let tangent = half.signum() / (half.abs() + half.hypot(1.0));
    let cosine = 1.0 / tangent.hypot(1.0);
    let sine = tangent * cosine;
    for row in matrix.iter_mut() {
        (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
    }
    for at in 0..N {
        let (a, b) = (matrix[p][at], matrix[q][at]);
        (matrix[p][at], matrix[q][at]) = (cosine * a - sine * b, sine * a + cosine * b);
        let (a, b) = (vectors[p][at], vectors[q][at]);
        (vectors[p][at], vectors[q][at]) = (cosine * a - sine * b, sine * a + cosine * b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_are_only_stretched_by_their_values() {
        let matrix = [[4.0, 1.0, -2.0], [1.0, 2.0, 0.0], [-2.0, 0.0, 3.0]];
        let (values, vectors) = eigen(matrix);
        assert!(values[0] > values[1] && values[1] > values[2]);
        assert!((values.iter().sum::<f64>() - 9.0).abs() < 1e-12);
        for (value, vector) in values.iter().zip(vectors) {
            for (row, entry) in matrix.iter().zip(vector) {
                let stretched: f64 = row.iter().zip(vector).map(|(a, b)| a * b).sum();
                assert!((stretched - value * entry).abs() < 1e-12);
            }
        }
    }
}
